using Resilience.Tests.Interleaving;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>The windows under every schedule with up to three preemptions.</summary>
public sealed class WindowInterleavingTests
{
    private const int Bound = 3;

    [Theory]
    [InlineData(1, "x", ".")]
    [InlineData(2, "x.?", ".x")]
    [InlineData(2, "..x", "x.?")]
    [InlineData(3, "x.", ".", "?x")]
    [InlineData(2, "x.", ".", "x")]
    public void WhenThreadsRecordInAWord_EveryHistoryIsLinearizable(int size, params string[] threads) =>
        Explorer.Exhaust(threads.Length, e => WindowInterleavings.Word(e, new WordWindow<Explored>(size, false), size, threads), Bound)
            .MustHold($"linearizability: word of {size}, {string.Join(" | ", threads)}");

    [Theory]
    [InlineData(2, "x.", ".x")]
    [InlineData(2, "xx.", "..x")]
    [InlineData(3, "x..", "xx.")]
    [InlineData(4, "x.x", ".x.")]
    [InlineData(2, "x", ".x", "x.")]
    [InlineData(3, "x.", "x", ".")]
    public void WhenThreadsRecordInARing_TheCountsStayWithinTheirBound_AndEndExact(int size, params string[] threads) =>
        Explorer.Exhaust(threads.Length, _ => WindowInterleavings.Ring(new RingWindow<Explored>(size), size, threads, w => w.CountCells()), Bound)
            .MustHold($"interleavings: ring of {size}, {string.Join(" | ", threads)}");

    [Fact]
    public void WhenThreadsRecordInOneSlice_NoneIsLost() =>
        Explorer.Exhaust(2, _ => WindowInterleavings.Time(Make(2), [("x.", 1_500), (".x", 1_500)], 1_500, new Tally(4, 2, 0)), Bound)
            .MustHold("interleavings: time window, one slice");

    [Fact]
    public void WhenASliceBeginsWhileOthersReport_NoneIsLostFromTheWindow() =>
        Explorer.Exhaust(2, _ => WindowInterleavings.Time(Make(2), [("x.", 1_999), (".x", 2_000)], 2_000, new Tally(4, 2, 0)), Bound)
            .MustHold("interleavings: time window, a slice begins");

    [Fact]
    public void WhenThreeThreadsMeetANewSlice_NoneIsLostFromTheWindow() =>
        Explorer.Exhaust(3, _ => WindowInterleavings.Time(Make(2), [("x", 2_000), (".", 2_000), ("x", 1_999)], 2_000, new Tally(3, 2, 0)), Bound)
            .MustHold("interleavings: time window, three threads");

    [Fact]
    public void WhenTheOldSliceLeavesWhileOthersReport_AtMostOneReportAThreadIsOnTheWrongSide() =>
        Explorer.Exhaust(2, _ => WindowInterleavings.Time(Make(1), [("x", 1_999), ("x", 2_000)], 2_000, new Tally(1, 1, 0), lag: 1), Bound)
            .MustHold("interleavings: time window, a slice leaves");

    [Fact]
    public void WhenTwoThreadsMeetAnIdleWindow_AtMostOneReportAThreadIsBeforeItsStart() =>
        Explorer.Exhaust(2, _ => WindowInterleavings.Time(Make(2), [("x", 9_000), ("x", 9_000)], 9_000, new Tally(2, 2, 0), lag: 1), Bound)
            .MustHold("interleavings: time window, an idle one");

    [Theory]
    [InlineData("..", "x")]
    [InlineData("..", "x.")]
    [InlineData("...", "..", "x")]
    public void WhenASliceGetsItsCreditWhileACallFails_TheCreditIsTakenBack(params string[] threads) =>
        Explorer.Exhaust(threads.Length, _ => WindowInterleavings.Credit(Make(2, credit: 2), threads), Bound)
            .MustHold($"interleavings: slice credit, {string.Join(" | ", threads)}");

    private static TimeWindow<Explored> Make(int slices, int? credit = null) =>
        new(TimeSpan.FromTicks(1_000 * slices), slices, credit, 1, 1_000, new StripedCounter<Explored>(owned: 3), onTick: true);
}
