namespace Resilience.Tests.Timeouts;

/// <summary>
/// Small concurrent programs on a sweeper, each with what must hold in every schedule. The clock stands at 10 while the threads run; then it
/// moves from due time to due time.
/// </summary>
internal sealed class SweeperProgram
{
    private SweeperProgram(string name, Func<ISweeperRig, (Action[] Bodies, Func<bool> Check)> make, int threads = 2)
    {
        Name = name;
        Make = make;
        Threads = threads;
    }

    public static SweeperProgram ArmAgainstSweep { get; } = new("arm against sweep", rig =>
    {
        var (due, later) = (rig.Add(), rig.Add());
        rig.AdvanceTo(10);
        rig.Arm(due, 10);

        // The timer runs the sweep: nothing else will, unless it is set anew.
        return ([() => rig.AdvanceTo(10), () => rig.Arm(later, 20)], () =>
            FiresAt(rig, 20, later) && rig.Fired(due) == 1 && IsStopped(rig));
    });

    public static SweeperProgram DisarmAgainstClaim { get; } = new("disarm against claim", rig =>
    {
        var item = rig.Add();
        rig.AdvanceTo(10);
        rig.Arm(item, 10);
        var disarmed = false;
        return ([rig.Sweep, () => disarmed = rig.TryDisarm(item, 10)], () =>
        {
            rig.AdvanceTo(100);
            return rig.Fired(item) == (disarmed ? 0 : 1) && IsStopped(rig);
        }
        );
    });

    public static SweeperProgram TwoSweeps { get; } = new("two sweeps at once", rig =>
    {
        var (first, second, later) = (rig.Add(), rig.Add(), rig.Add());
        rig.AdvanceTo(10);
        rig.Arm(first, 10);
        rig.Arm(second, 9);
        rig.Arm(later, 20);
        return ([rig.Sweep, rig.Sweep], () =>
        {
            var fired = (rig.Fired(first), rig.Fired(second)) == (1, 1);
            return fired && FiresAt(rig, 20, later) && IsStopped(rig);
        }
        );
    });

    public static SweeperProgram PlaceOfAnother { get; } = new(
        "a place reused for an equal word",
        rig =>
        {
            var old = rig.Add();
            var next = -1;
            var disarmed = false;
            rig.AdvanceTo(10);
            rig.Arm(old, 10);
            void Disarm()
            {
                disarmed = rig.TryDisarm(old, 10);
                if (disarmed)
                {
                    rig.Leave(old);
                }
            }

            void Reuse()
            {
                next = rig.Add();
                rig.Arm(next, 10);
            }

            return ([rig.Sweep, Reuse, Disarm], () =>
            {
                rig.AdvanceTo(10);
                return rig.Fired(old) == (disarmed ? 0 : 1) && rig.Fired(next) == 1 && IsStopped(rig);
            }
            );
        },
        threads: 3);

    public static SweeperProgram ArmAgain { get; } = new("arm again against sweep", rig =>
    {
        var item = rig.Add();
        rig.AdvanceTo(10);
        rig.Arm(item, 10);
        var disarmed = false;
        void Again()
        {
            disarmed = rig.TryDisarm(item, 10);
            if (disarmed)
            {
                rig.Arm(item, 20);
            }
        }

        return ([rig.Sweep, Again], () => disarmed ? FiresAt(rig, 20, item) && IsStopped(rig) : rig.Fired(item) == 1);
    });

    public static SweeperProgram TwoArms { get; } = new(
        "two arms at once",
        rig =>
        {
            var (nearer, farther) = (rig.Add(), rig.Add());
            return ([() => rig.Arm(farther, 30), () => rig.Arm(nearer, 20)], () =>
                FiresAt(rig, 20, nearer) && FiresAt(rig, 30, farther) && IsStopped(rig));
        });

    public static IReadOnlyList<SweeperProgram> All { get; } =
        [ArmAgainstSweep, DisarmAgainstClaim, TwoSweeps, PlaceOfAnother, ArmAgain, TwoArms];

    public string Name { get; }

    public int Threads { get; }

    public Func<ISweeperRig, (Action[] Bodies, Func<bool> Check)> Make { get; }

    public override string ToString() => Name;

    private static bool FiresAt(ISweeperRig rig, long word, int item)
    {
        rig.AdvanceTo(word - 1);
        var early = rig.Fired(item);
        rig.AdvanceTo(word);
        return early == 0 && rig.Fired(item) == 1;
    }

    private static bool IsStopped(ISweeperRig rig)
    {
        rig.AdvanceTo(1_000);
        return !rig.IsTimerSet;
    }
}
