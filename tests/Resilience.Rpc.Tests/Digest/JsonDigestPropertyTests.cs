using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Resilience.Rpc.Tests.Digest;

/// <summary>The digest beside the canonical text of generated trees. A failure prints the seed that repeats it.</summary>
public sealed class JsonDigestPropertyTests
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(3000).WithQuietOnSuccess(true);

    [Fact]
    public void TwoTreesHaveOneDigest_ExactlyIfTheySayTheSame() =>
        Check.One(s_config, Prop.ForAll(JsonModels.Neighbours, Gen.Choose(0, int.MaxValue).ToArbitrary(), (pair, seed) =>
        {
            var random = new Random(seed);
            var (first, second) = (pair.First.Write(random), pair.Second.Write(random));
            var areSame = JsonDigest.Whole.Compute(first) == JsonDigest.Whole.Compute(second);
            return (areSame == (pair.First.Canonical == pair.Second.Canonical))
                .Label($"{Encoding.UTF8.GetString(first)} and {Encoding.UTF8.GetString(second)}: {areSame}");
        }));

    [Fact]
    public void AnyTwoUnrelatedTrees_HaveOneDigest_ExactlyIfTheySayTheSame() =>
        Check.One(s_config, Prop.ForAll(JsonModels.Any, JsonModels.Any, (first, second) =>
            Digest(first, 1) == Digest(second, 2) == (first.Canonical == second.Canonical)));

    [Fact]
    public void HoweverTheBytesAreCut_TheDigestIsTheSame() =>
        Check.One(s_config, Prop.ForAll(JsonModels.Any, Gen.Choose(0, int.MaxValue).ToArbitrary(), (tree, seed) =>
        {
            var random = new Random(seed);
            var bytes = tree.Write(random);
            return JsonDigest.Whole.Compute(Cut(bytes, random)) == JsonDigest.Whole.Compute(bytes);
        }));

    [Fact]
    public async Task HoweverTheBytesArrive_TheDigestIsTheSame()
    {
        var random = new Random(7);
        for (var seed = 0; seed < 300; seed++)
        {
            var tree = JsonModels.Any.Generator.Sample(10, 1)[0];
            var bytes = tree.Write(random);
            var pipe = new Pipe();
            var digest = JsonDigest.Whole.ComputeAsync(pipe.Reader);
            for (var at = 0; at < bytes.Length;)
            {
                var count = Math.Min(random.Next(1, 9), bytes.Length - at);
                await pipe.Writer.WriteAsync(bytes.AsMemory(at, count));
                at += count;
            }

            await pipe.Writer.CompleteAsync();
            Assert.Equal(JsonDigest.Whole.Compute(bytes), await digest);
        }
    }

    private static UInt128 Digest(JsonModel tree, int seed) => JsonDigest.Whole.Compute(tree.Write(new Random(seed)));

    private static ReadOnlySequence<byte> Cut(byte[] bytes, Random random)
    {
        var first = new Piece(bytes.AsMemory(0, random.Next(bytes.Length)), null);
        var last = first;
        for (var at = first.Memory.Length; at < bytes.Length;)
        {
            var count = Math.Min(random.Next(0, 5), bytes.Length - at);
            last = new Piece(bytes.AsMemory(at, count), last);
            at += count;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            if (before is not null)
            {
                RunningIndex = before.RunningIndex + before.Memory.Length;
                before.Next = this;
            }
        }
    }
}
