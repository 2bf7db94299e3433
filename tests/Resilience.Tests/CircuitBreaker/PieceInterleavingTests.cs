using Resilience.Tests.Interleaving;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>The small shared pieces of a phase under every schedule with up to three preemptions.</summary>
public sealed class PieceInterleavingTests
{
    private const int Bound = 3;
    private static readonly long s_slice = TimeSpan.TicksPerSecond;
    private static readonly CircuitRules s_rules = new(new CircuitBreakerOptions
    {
        Window = CircuitWindow.Time(TimeSpan.FromSeconds(10), slices: 10),
        SlowCallRatio = 0.5,
        SlowCallDuration = TimeSpan.FromSeconds(1),
        CountSlowInFlight = true,
    });

    [Theory]
    [InlineData("e", "el")]
    [InlineData("el", "el")]
    [InlineData("el", "e", "el")]
    [InlineData("ele", "el")]
    public void WhenCallsBeginAndEndInOneSlice_ThoseUnderWayAreCounted(params string[] threads)
    {
        var under = threads.Sum(steps => steps.Count(step => step == 'e') - steps.Count(step => step == 'l'));
        Explorer.Exhaust(threads.Length, _ =>
        {
            var inFlight = new InFlight<Explored>(s_rules);
            return ([.. threads.Select(steps => (Action)(() => Walk(inFlight, steps)))], () => inFlight.CountSlow(5 * s_slice) == under);
        }, Bound).MustHold($"interleavings: calls in flight, {string.Join(" | ", threads)}");
    }

    [Fact]
    public void WhenALaterSliceTakesThePlaceOfAnOldOne_TheOldCallsEndMovesNothing() =>
        Explorer.Exhaust(2, _ =>
        {
            // 14 places: the slice after a whole turn has the place of the first.
            var inFlight = new InFlight<Explored>(s_rules);
            var later = s_slice * (1 + 14);
            return ([() => Walk(inFlight, "el"), () => inFlight.Enter(later)], () => inFlight.CountSlow(later + (3 * s_slice)) == 1);
        }, Bound).MustHold("interleavings: calls in flight, a place is taken over");

    [Fact]
    public void WhenSeveralAreTheFirstInASlice_OneLooks()
    {
        var looked = 0;
        Explorer.Exhaust(3, _ =>
        {
            var inFlight = new InFlight<Explored>(s_rules);
            looked = 0;
            Action look = () =>
            {
                if (inFlight.IsDue(5 * s_slice))
                {
                    looked++;
                }
            };
            return ([look, look, look], () => looked == 1);
        }, Bound).MustHold("interleavings: calls in flight, three come first");
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    public void WhenThreadsEnterDuringARecovery_TheShareIsKept(int threads, int calls) =>
        Explorer.Exhaust(threads, _ =>
        {
            // At the half of the time a call adds a share of 50.5 %: of six, three go through.
            var ramp = new RecoveryRamp<Explored>(0, 1_000);
            var admitted = 0;
            Action enter = () =>
            {
                for (var i = 0; i < calls; i++)
                {
                    if (ramp.TryEnter(500))
                    {
                        admitted++;
                    }
                }
            };
            return ([.. Enumerable.Repeat(enter, threads)], () => admitted == 3);
        }, Bound).MustHold($"interleavings: recovery, {threads} threads");

    private static void Walk(InFlight<Explored> inFlight, string steps)
    {
        foreach (var step in steps)
        {
            if (step == 'e')
            {
                inFlight.Enter(s_slice);
            }
            else
            {
                inFlight.Leave(s_slice);
            }
        }
    }
}
