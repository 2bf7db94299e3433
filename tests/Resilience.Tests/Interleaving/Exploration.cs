namespace Resilience.Tests.Interleaving;

/// <summary>What an exploration saw.</summary>
/// <param name="Schedules">How many schedules ran.</param>
/// <param name="Exhausted">Whether these were all the schedules up to the bound.</param>
/// <param name="Failure">The replay key of the first schedule that failed, or null.</param>
/// <param name="Error">What a thread or the check threw in it, or null when the check answered no.</param>
internal sealed record Exploration(long Schedules, bool Exhausted, string? Failure, Exception? Error)
{
    /// <summary>Fails the test with the replay key if a schedule failed or some were left out.</summary>
    public Exploration MustHold(string name)
    {
        Suite.Report(name, $"{Schedules:N0} schedules");
        Assert.True(Failure is null, $"{name}: schedule {Schedules} failed; replay: \"{Failure}\". {Error}");
        Assert.True(Exhausted, $"{name}: stopped after {Schedules} schedules with some left");
        return this;
    }

    /// <summary>Fails the test unless some schedule failed: the object under test carries a seeded bug.</summary>
    public Exploration MustFail(string name)
    {
        Suite.Report(name, $"caught at schedule {Schedules:N0}, \"{Failure}\"");
        Assert.True(Failure is not null, $"{name}: the seeded bug survived {Schedules} schedules");
        return this;
    }
}
