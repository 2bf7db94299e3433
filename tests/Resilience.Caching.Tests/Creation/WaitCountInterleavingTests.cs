using Resilience.Tests.Interleaving;

namespace Resilience.Caching.Tests;

/// <summary>Who comes in beside the last one who leaves: either he is in and it stays open, or it is closed and he is not.</summary>
public sealed class WaitCountInterleavingTests
{
    [Fact]
    public void WhenSomeComeWhileTheLastLeaves_ItClosesOnce_AndNobodyIsInside() =>
        Explorer.Exhaust(3, _ =>
        {
            var count = new Holder();
            var closed = 0;
            var within = new int[2];
            void Visit(int id)
            {
                if (count.Value.TryJoin())
                {
                    within[id] = Volatile.Read(ref closed) == 0 ? 1 : -1;
                    closed += count.Value.Leave() ? 1 : 0;
                }
            }

            return (
                [() => closed += count.Value.Leave() ? 1 : 0, () => Visit(0), () => Visit(1)],
                () => closed == 1 && within.All(seen => seen >= 0) && !count.Value.TryJoin());
        }, bound: 6).MustHold("waiters: two come while the last leaves");

    [Fact]
    public void WhenSomebodyComesInWithoutLookingAgain_TheSuiteCatchesIt() =>
        Explorer.Exhaust(2, _ =>
        {
            var (waiting, closed, left) = (1, false, false);
            return (
                [
                    () =>
                    {
                        Explored.Point(1);
                        closed = --waiting == 0;
                    },
                    () =>
                    {
                        Explored.Point(2);
                        if (waiting > 0)
                        {
                            Explored.Point(3);
                            waiting++;
                            left = closed;
                        }
                    },
                ],
                () => !left);
        }, bound: 2).MustFail("waiters: look, then come in");

    private sealed class Holder
    {
        public WaitCount<Explored> Value;
    }
}
