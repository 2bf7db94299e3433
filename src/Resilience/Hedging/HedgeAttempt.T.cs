namespace Resilience;

/// <summary>An attempt with its outcome.</summary>
/// <typeparam name="T">The type of the result.</typeparam>
internal sealed class HedgeAttempt<T>(HedgeRace race, int index) : HedgeAttempt(race, index)
{
    /// <summary>How it ended.</summary>
    internal Outcome<T> Outcome { get; set; }

    /// <summary>The suspended call that carries it, kept for the next race.</summary>
    internal SuspendedCall? Call { get; set; }

    internal override void Fail(Exception exception)
    {
        var hidden = Outcome.ResultOrDefault;
        Outcome = new Outcome<T>(default, new Fault(exception));
        base.Fail(exception);
        Settlement.DiscardQuietly(ref hidden);
    }

    internal override void End()
    {
        base.End();
        Outcome = default;
    }
}
