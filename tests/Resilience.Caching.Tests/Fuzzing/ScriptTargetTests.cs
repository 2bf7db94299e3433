using Resilience.Fuzz;
using Resilience.Fuzz.Targets;

namespace Resilience.Caching.Tests.Fuzzing;

/// <summary>The targets pass what is right, and catch known faults: one that passes them proves nothing.</summary>
public sealed class ScriptTargetTests
{
    private const int Executions = 20_000;

    public static TheoryData<string> Names => new("cache-lru", "payload-cache", "snapshot");

    [Theory]
    [MemberData(nameof(Names))]
    public void Product_Passes(string name)
    {
        var target = FuzzTarget.All.Single(t => t.Name == name);
        Assert.Null(Fuzz(target));
    }

    [Fact]
    public void WhenEvictionIsNotByRecency_Caught() =>
        AssertCaught(LruScriptTarget.Create() with { Run = input => LruScriptTarget.Check(CacheEviction.LeastFrequentlyUsed, input) });

    [Theory]
    [InlineData(PayloadFault.StopsTheClock)]
    [InlineData(PayloadFault.ForgetsRemovals)]
    [InlineData(PayloadFault.WritesIntoLeases)]
    [InlineData(PayloadFault.KeepsLeases)]
    public void WhenAPayloadCacheHasAFault_Caught(PayloadFault fault) =>
        AssertCaught(PayloadScriptTarget.Create() with { Run = input => PayloadScriptTarget.Check(fault, input) });

    [Fact]
    public void WhenASnapshotIsAlwaysTaken_Caught() => AssertCaught((histogram, snapshot) =>
    {
        histogram.TryRestore(snapshot);
        return true;
    });

    [Fact]
    public void WhenARefusedSnapshotClearsTheHistogram_Caught() => AssertCaught((histogram, snapshot) =>
    {
        if (histogram.TryRestore(snapshot))
        {
            return true;
        }

        histogram.Reset();
        return false;
    });

    [Fact]
    public void WhenARestoredHistogramHasOneRecordMore_Caught() => AssertCaught((histogram, snapshot) =>
    {
        var isTaken = histogram.TryRestore(snapshot);
        if (isTaken)
        {
            histogram.RecordNanoseconds(5);
        }

        return isTaken;
    });

    private static void AssertCaught(SnapshotTarget.Restorer restorer) =>
        AssertCaught(SnapshotTarget.Create() with { Run = input => SnapshotTarget.Check(restorer, input) });

    private static void AssertCaught(FuzzTarget target)
    {
        var crash = Fuzz(target);
        Assert.NotNull(crash);
        Assert.IsType<FuzzFailure>(crash.Error);
    }

    private static Crash? Fuzz(FuzzTarget target) => new Campaign(target, seed: 1).Run(target.Seeds, TimeSpan.MaxValue, Executions);
}
