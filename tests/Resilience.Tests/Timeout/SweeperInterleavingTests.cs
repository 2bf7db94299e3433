using Resilience.Tests.Interleaving;

namespace Resilience.Tests.Timeouts;

/// <summary>The sweeper's races under every schedule up to a bound; and the same suites against sweepers with a seeded bug.</summary>
public sealed class SweeperInterleavingTests
{
    private static readonly (SweeperBug Bug, SweeperProgram CaughtBy)[] s_seeded =
    [
        (SweeperBug.WakeReadBeforeWordWritten, SweeperProgram.ArmAgainstSweep),
        (SweeperBug.WordsReadBeforeWakeReset, SweeperProgram.ArmAgainstSweep),
        (SweeperBug.LoweredWakeLost, SweeperProgram.TwoArms),
        (SweeperBug.TimerSetOnce, SweeperProgram.TwoArms),
        (SweeperBug.FiredWithoutClaim, SweeperProgram.DisarmAgainstClaim),
        (SweeperBug.FiredWithoutClaim, SweeperProgram.TwoSweeps),
        (SweeperBug.ClaimedOnThePlace, SweeperProgram.PlaceOfAnother),
        (SweeperBug.FreedBeforeTheItemIsRead, SweeperProgram.PlaceOfAnother),
        (SweeperBug.NearestForgotten, SweeperProgram.TwoSweeps),
    ];

    public static TheoryData<string> Programs => [.. SweeperProgram.All.Select(program => program.Name)];

    public static TheoryData<string, string> Seeded => [.. s_seeded.Select(s => (s.Bug.ToString(), s.CaughtBy.Name))];

    [Theory]
    [MemberData(nameof(Programs))]
    public void WhenSchedulesVary_EachItemFiresOnceAtItsTime(string name) =>
        Explore(Named(name), () => new SweeperRig()).MustHold(name);

    [Theory]
    [MemberData(nameof(Programs))]
    public void WhenTheCopyCarriesNoBug_TheSuitesHoldForItToo(string name) =>
        Explore(Named(name), () => new SeededSweeperRig(SweeperBug.None)).MustHold($"{name}, copy");

    [Theory]
    [MemberData(nameof(Seeded))]
    public void WhenABugIsSeeded_ItsSuiteCatchesIt(string bug, string name) =>
        Explore(Named(name), () => new SeededSweeperRig(Enum.Parse<SweeperBug>(bug))).MustFail($"{bug} by {name}");

    private static SweeperProgram Named(string name) => SweeperProgram.All.Single(program => program.Name == name);

    private static Exploration Explore(SweeperProgram program, Func<ISweeperRig> rig) =>
        Explorer.Exhaust(program.Threads, _ => program.Make(rig()), bound: program.Threads == 2 ? 3 : 2);
}
