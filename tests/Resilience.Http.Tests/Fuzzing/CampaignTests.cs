using System.Text;
using Resilience.Fuzz;

namespace Resilience.Http.Tests.Fuzzing;

public sealed class CampaignTests
{
    private static readonly byte[][] s_seeds = [Encoding.ASCII.GetBytes("abc 12 def")];
    private static readonly byte[][] s_tokens = [Encoding.ASCII.GetBytes("Z9")];

    [Fact]
    public void WhenTargetFailsOnAPattern_ItIsFoundAndMinimisedToThePattern()
    {
        var campaign = Against(input => ThrowIf(input.IndexOf("Z9"u8) >= 0));
        var crash = campaign.Run(s_seeds, TimeSpan.MaxValue, executions: 100_000);
        Assert.NotNull(crash);
        Assert.Equal("Z9"u8, crash.Input);
    }

    [Fact]
    public void WhenTargetFailsOnALengthFieldAtItsMaximum_ItIsFound()
    {
        var campaign = Against(input => ThrowIf(input.Length >= 4 && BitConverter.ToInt32(input) == int.MaxValue));
        Assert.NotNull(campaign.Run(s_seeds, TimeSpan.MaxValue, executions: 1_000_000));
    }

    [Fact]
    public void WhenTargetFailsBehindABehaviour_TheCorpusLeadsToIt()
    {
        // Each letter matched is a new behaviour; without a corpus the five would have to be guessed at once.
        var campaign = Against(input =>
        {
            var matched = input.CommonPrefixLength("\u0001crash"u8);
            Behaviour.Note(matched);
            ThrowIf(matched == 6);
        });
        Assert.NotNull(campaign.Run(s_seeds, TimeSpan.MaxValue, executions: 2_000_000));
    }

    [Fact]
    public void WhenSeedAndExecutionsAreTheSame_TheCampaignIsTheSame()
    {
        ulong[] hashes = [0, 0];
        for (var i = 0; i < hashes.Length; i++)
        {
            Target target = input =>
            {
                Behaviour.Note(input.Length % 7);
                hashes[i] = (hashes[i] * 31) + (ulong)Corpus.NameOf(input).GetHashCode(StringComparison.Ordinal);
            };
            Against(target).Run(s_seeds, TimeSpan.MaxValue, executions: 2_000);
        }

        Assert.Equal(hashes[0], hashes[1]);
    }

    [Fact]
    public void WhenAStartingInputFails_ItIsReported()
    {
        var crash = Against(input => ThrowIf(input.SequenceEqual(s_seeds[0]))).Run(s_seeds, TimeSpan.MaxValue, executions: 0);
        Assert.NotNull(crash);
        Assert.Equal(s_seeds[0], crash.Input);
    }

    [Fact]
    public void WhenMinimised_TheFailureKeepsItsKind()
    {
        Target target = input => throw (input.Length >= 3 ? new FuzzFailure($"long: {input.Length}") : new FuzzFailure("short: other"));
        var crash = Minimiser.Minimise(target, Crash.Of(target, new byte[50])!);
        Assert.Equal(3, crash.Input.Length);
    }

    private static Campaign Against(Target target) => new(new FuzzTarget("planted", target, s_seeds, s_tokens), seed: 1);

    private static void ThrowIf(bool isBad)
    {
        if (isBad)
        {
            throw new FuzzFailure("planted");
        }
    }
}
