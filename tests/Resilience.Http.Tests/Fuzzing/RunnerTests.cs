using Resilience.Fuzz;

namespace Resilience.Http.Tests.Fuzzing;

public sealed class RunnerTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly ManualResetEventSlim _gate = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("fuzz").FullName;

    public void Dispose()
    {
        _gate.Set();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void WhenTargetIsContent_CountsArePrintedAndTheCodeIsZero()
    {
        Assert.Equal(0, Run(_ => { }, new FuzzOptions { Runs = 1000, Time = TimeSpan.MaxValue }));
        Assert.Contains("planted: 1,000 executions", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("distinct behaviours 1, seed 1: passed", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WhenTargetFails_TheCrashFileReplays()
    {
        Target bad = input => throw new FuzzFailure($"planted: {input.Length}");
        Assert.Equal(1, Run(bad, new FuzzOptions { Runs = 1000 }));
        var file = Assert.Single(Directory.GetFiles(_folder));
        Assert.Contains($"--target planted --replay {file}", _output.ToString(), StringComparison.Ordinal);

        Assert.Equal(1, Run(bad, new FuzzOptions { Replay = file }));
        Assert.Equal(0, Run(_ => { }, new FuzzOptions { Replay = file }));
    }

    [Fact]
    public void WhenTargetNeverEnds_ItsInputIsKept()
    {
        Assert.Equal(1, Run(input => Block(input), new FuzzOptions { Runs = 1000 }, TimeSpan.FromMilliseconds(100)));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(Assert.Single(Directory.GetFiles(_folder))));

        void Block(ReadOnlySpan<byte> input)
        {
            if (input.SequenceEqual((ReadOnlySpan<byte>)[1, 2, 3]))
            {
                _gate.Wait();
            }
        }
    }

    [Fact]
    public void WhenCorpusFolderIsGiven_ItIsSavedAndReadAgain()
    {
        var options = new FuzzOptions { Runs = 1000, Time = TimeSpan.MaxValue, Corpus = _folder };
        Run(input => Behaviour.Note(input.Length), options);
        var saved = Directory.GetFiles(Path.Combine(_folder, "planted"));
        Assert.True(saved.Length > 1);

        var seen = 0;
        Run(_ => seen++, options with { Runs = 0 });
        Assert.Equal(saved.Length + 1, seen);
    }

    [Theory]
    [InlineData("--target", "nothing")]
    [InlineData("--seconds", "-1")]
    [InlineData("--seconds")]
    [InlineData("--runs", "many")]
    [InlineData("--colour", "blue")]
    public void WhenArgumentsAreWrong_TheyAreNamed(params string[] args) =>
        Assert.Contains(args[0], Assert.Throws<FormatException>(() => FuzzOptions.Parse(args)).Message, StringComparison.Ordinal);

    [Fact]
    public void WhenArgumentsAreRight_TheyAreTaken()
    {
        var options = FuzzOptions.Parse(["--target", "retry-after", "--seconds", "3", "--seed", "9"]);
        Assert.Equal(("retry-after", 3, 9), (Assert.Single(options.Targets).Name, options.Time.TotalSeconds, options.Seed));
    }

    private int Run(Target target, FuzzOptions options, TimeSpan? hangLimit = null) =>
        new Runner(options with { Targets = [new FuzzTarget("planted", target, [[1, 2, 3]], [])] }, _output)
        {
            CrashFolder = _folder,
            HangLimit = hangLimit ?? TimeSpan.FromMinutes(5),
        }.Run();
}
