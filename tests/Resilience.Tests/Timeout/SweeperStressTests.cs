using Resilience.Testing;

namespace Resilience.Tests.Timeouts;

/// <summary>Four threads at once, for what the explorer cannot see: reordering by compiler and processor. Bounded by work, not by time.</summary>
public sealed class SweeperStressTests
{
    private const int Rounds = 40_000;

    [Fact]
    public void WhenThreeThreadsArmAndDisarmWhileAFourthMovesTheClock_EveryArmingEndsOnce()
    {
        var time = new ManualClock();
        var clock = Clock.For(time);
        var sweeper = new Sweeper<Production>(clock);
        var (armed, disarmed, claimed, fired, running) = (0, 0, 0, 0, 3);
        var threads = Enumerable.Range(0, 3).Select(seed => new Thread(() => Arm(new Random(seed)))).ToList();
        threads.Add(new Thread(() =>
        {
            while (Volatile.Read(ref running) > 0)
            {
                time.Advance(new TimeSpan(7));
            }
        }));
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((3 * Rounds, armed), (armed, disarmed + claimed));
        Assert.Equal((claimed, 0, 0, 0), (fired, sweeper.Armed, sweeper.Taken, time.ActiveTimers));
        Assert.True(claimed > 0 && disarmed > 0, $"{claimed} claimed and {disarmed} disarmed: both must happen for the test to say anything.");

        void Arm(Random random)
        {
            var item = New();
            for (var i = 0; i < Rounds; i++)
            {
                var word = clock.Coarse + random.Next(20);
                item.Arm(word);
                Interlocked.Increment(ref armed);
                Thread.SpinWait(random.Next(40));
                if (item.TryDisarm(word))
                {
                    Interlocked.Increment(ref disarmed);
                }
                else
                {
                    // Claimed: its end gives the place back, to whoever asks next.
                    Interlocked.Increment(ref claimed);
                    item = New();
                }
            }

            item.LeaveTable();
            Interlocked.Decrement(ref running);
        }

        FiringItem<Production> New() => new(sweeper) { LeavesWhenDue = true, WhenDue = () => Interlocked.Increment(ref fired) };
    }
}
