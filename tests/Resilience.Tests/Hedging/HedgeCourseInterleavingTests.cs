using Resilience.Tests.Interleaving;

namespace Resilience.Tests.Hedging;

/// <summary>The races of a race, under every schedule up to a bound; and the same programs on courses with a seeded bug.</summary>
public sealed class HedgeCourseInterleavingTests
{
    private static readonly (CourseBug Bug, CourseProgram CaughtBy)[] s_seeded =
    [
        (CourseBug.DecidedWithoutCompareExchange, CourseProgram.TwoWin),
        (CourseBug.FailureHeldAfterTheCount, CourseProgram.TwoFail),
        (CourseBug.LateFailureLeftBehind, CourseProgram.OneFailsOneWins),
        (CourseBug.HeldTakenWithoutExchange, CourseProgram.OneFailsOneWins),
        (CourseBug.DecisionNotSeenAfterArming, CourseProgram.WinsAgainstDelay),
        (CourseBug.ArmedDelayNotSeenByDecision, CourseProgram.WinsAgainstDelay),
        (CourseBug.StartedWithoutReserving, CourseProgram.FailsAgainstDelay),
        (CourseBug.CountedBeforeTheNextIsStarted, CourseProgram.FailsAgainstDelay),
        (CourseBug.ContinuationLost, CourseProgram.TwoWin),
        (CourseBug.LoserDoesNotHold, CourseProgram.TwoWin),
        (CourseBug.CancellationDoesNotHold, CourseProgram.WinsWithLateCancellations),
        (CourseBug.LeftWithoutInterlockedOperation, CourseProgram.LosesAgainstCancellation),
    ];

    public static TheoryData<string> Programs => [.. CourseProgram.All.Select(program => program.Name)];

    public static TheoryData<string, string> Seeded => [.. s_seeded.Select(s => (s.Bug.ToString(), s.CaughtBy.Name))];

    [Theory]
    [MemberData(nameof(Programs))]
    public void WhenSchedulesVary_OneOutcomeIsTheRaces_AndNothingIsLeft(string name) =>
        Explore(Named(name), world => new ProductCourse(world)).MustHold(name);

    [Theory]
    [MemberData(nameof(Programs))]
    public void WhenTheCopyCarriesNoBug_TheProgramsHoldForItToo(string name) =>
        Explore(Named(name), world => new SeededCourse(world, CourseBug.None)).MustHold($"{name}, copy");

    [Theory]
    [MemberData(nameof(Seeded))]
    public void WhenABugIsSeeded_ItsProgramCatchesIt(string bug, string name) =>
        Explore(Named(name), world => new SeededCourse(world, Enum.Parse<CourseBug>(bug))).MustFail($"{bug} by {name}");

    private static CourseProgram Named(string name) => CourseProgram.All.Single(program => program.Name == name);

    private static Exploration Explore(CourseProgram program, Func<CourseWorld, ICourse> course) =>
        Explorer.Exhaust(program.Threads, _ => program.Make(course), bound: program.Threads == 2 ? 4 : 2);
}
