namespace Resilience.Tests.Hedging;

/// <summary>Small concurrent programs on the course of a race, each with who may win.</summary>
internal sealed class CourseProgram
{
    private readonly Func<Func<CourseWorld, ICourse>, (Action[] Bodies, Func<bool> Check)> _make;

    private CourseProgram(string name, int threads, Func<Func<CourseWorld, ICourse>, (Action[] Bodies, Func<bool> Check)> make) =>
        (Name, Threads, _make) = (name, threads, make);

    public static CourseProgram TwoWin { get; } = new("two attempts win, and the call awaits", 3, course =>
    {
        var world = new CourseWorld(course) { IsParallel = true, IsAwaited = true }.Begin();
        return (
            [() => world.End(0, AttemptEnding.Wins), () => world.End(1, AttemptEnding.Wins), world.AwaitDecision],
            () => world.Check(static winner => winner is 0 or 1));
    });

    public static CourseProgram TwoFail { get; } = new("two attempts fail", 2, course =>
    {
        var world = new CourseWorld(course) { IsParallel = true }.Begin();
        return (
            [() => world.End(0, AttemptEnding.Fails), () => world.End(1, AttemptEnding.AsksForAnother)],
            () => world.Check(static winner => winner is 0 or 1));
    });

    public static CourseProgram OneFailsOneWins { get; } = new("one fails, one wins, and the call awaits", 3, course =>
    {
        var world = new CourseWorld(course) { IsParallel = true, IsAwaited = true }.Begin();
        return (
            [() => world.End(0, AttemptEnding.Fails), () => world.End(1, AttemptEnding.Wins), world.AwaitDecision],
            () => world.Check(static winner => winner == 1));
    });

    public static CourseProgram WinsAgainstDelay { get; } = new("one wins as the delay is over", 2, course =>
    {
        var world = new CourseWorld(course) { MaxAttempts = 3 }.Begin();
        return ([() => world.End(0, AttemptEnding.Wins), world.Fire], () => world.Check(static winner => winner == 0));
    });

    public static CourseProgram FailsAgainstDelay { get; } = new("one fails as the delay is over", 2, course =>
    {
        var world = new CourseWorld(course) { MaxAttempts = 3 }.Begin();
        return ([() => world.End(0, AttemptEnding.AsksForAnother), world.Fire], () => world.Check(static _ => false));
    });

    public static CourseProgram FailsWithTheLast { get; } = new("one fails as the delay starts the last, which fails at once", 2, course =>
    {
        var world = new CourseWorld(course).Begin();
        world.AtOnce[1] = AttemptEnding.Fails;
        return ([() => world.End(0, AttemptEnding.AsksForAnother), world.Fire], () => world.Check(static winner => winner is 0 or 1));
    });

    public static CourseProgram StartsAgainstWin { get; } = new("a failure starts another as the delay starts one that wins at once", 3, course =>
    {
        var world = new CourseWorld(course) { MaxAttempts = 4, IsAwaited = true }.Begin();
        world.AtOnce[2] = AttemptEnding.Wins;
        return (
            [() => world.End(0, AttemptEnding.AsksForAnother), world.Fire, world.AwaitDecision],
            () => world.Check(static winner => winner == 2));
    });

    public static CourseProgram LosesAgainstCancellation { get; } = new("a loser ends as it is cancelled and the call takes the outcome", 3, course =>
    {
        var world = new CourseWorld(course) { MaxAttempts = 3, IsParallel = true, CancelsLater = true, IsAwaited = true }.Begin();
        world.End(0, AttemptEnding.Wins);
        return (
            [() => world.End(1, AttemptEnding.Fails), world.RunCancellation, world.AwaitDecision],
            () => world.Check(static winner => winner == 0));
    });

    public static CourseProgram WinsWithLateCancellations { get; } = new("two attempts win, and a cancellation runs", 3, course =>
    {
        var world = new CourseWorld(course) { IsParallel = true, CancelsLater = true }.Begin();
        return (
            [() => world.End(0, AttemptEnding.Wins), () => world.End(1, AttemptEnding.Wins), world.RunCancellation],
            () => world.Check(static winner => winner is 0 or 1));
    });

    public static IReadOnlyList<CourseProgram> All { get; } =
    [
        TwoWin, TwoFail, OneFailsOneWins, WinsAgainstDelay, FailsAgainstDelay, FailsWithTheLast, StartsAgainstWin, LosesAgainstCancellation,
        WinsWithLateCancellations,
    ];

    public string Name { get; }

    public int Threads { get; }

    public (Action[] Bodies, Func<bool> Check) Make(Func<CourseWorld, ICourse> course) => _make(course);

    public override string ToString() => Name;
}
