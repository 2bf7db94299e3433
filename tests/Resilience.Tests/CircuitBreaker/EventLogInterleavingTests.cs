using Resilience.Tests.Interleaving;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>The log of transitions and its readers under every schedule with up to three preemptions.</summary>
public sealed class EventLogInterleavingTests
{
    private const int Bound = 3;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhenTwoThreadsPublish_AReaderHearsAllInOrder(bool inline) =>
        Explorer.Exhaust(2, _ => EventLogInterleavings.Publish([[1, 3], [2]], inline), Bound)
            .MustHold($"interleavings: event log, two publishers, reader {(inline ? "at once" : "later")}");

    [Fact]
    public void WhenThreeThreadsPublish_AReaderHearsAllInOrder() =>
        Explorer.Exhaust(3, _ => EventLogInterleavings.Publish([[2], [1], [3]], inline: true), Bound)
            .MustHold("interleavings: event log, three publishers");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhenAReaderComesWhileOthersPublish_ItMissesNothing(bool inline) =>
        Explorer.Exhaust(2, _ => EventLogInterleavings.Publish([[1, 2]], inline, late: true), Bound)
            .MustHold($"interleavings: event log, a late reader {(inline ? "at once" : "later")}");

    [Fact]
    public void WhenReadersComeAndGoTogether_ThoseWhoAreLeftAreWoken() =>
        Explorer.Exhaust(3, _ => EventLogInterleavings.ComeAndGo(), Bound).MustHold("interleavings: event log, readers come and go");

    [Fact]
    public void WhenTransitionsMeetInOnePlace_TheLatestIsKept() =>
        Explorer.Exhaust(3, _ => EventLogInterleavings.Overtaken(), Bound).MustHold("interleavings: event log, a place is overwritten");

    [Fact]
    public void WhenAReaderEndsWithoutLookingAgain_ItMissesATransition() =>
        Explorer.Exhaust(2, _ => EventLogInterleavings.Publish([[1, 3], [2]], true, bug: EventLogInterleavings.Reader.Bug.EndsWithoutLookingAgain), Bound)
            .MustFail("seeded bug: a reader ends without looking again");

    [Fact]
    public void WhenAReaderRunsOnEveryWake_ItRunsTwiceAtOnce() =>
        Explorer.Exhaust(2, _ => EventLogInterleavings.Publish([[1, 3], [2]], true, bug: EventLogInterleavings.Reader.Bug.RunsOnEveryWake), Bound)
            .MustFail("seeded bug: a reader runs on every wake");
}
