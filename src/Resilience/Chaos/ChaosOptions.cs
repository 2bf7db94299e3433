using System.Globalization;

namespace Resilience;

/// <summary>What is injected into calls, how often, and what switches it on.</summary>
public sealed record ChaosOptions
{
    /// <summary>The name of the environment variable of <see cref="ChaosActivation.ByEnvironment"/>.</summary>
    public const string EnvironmentVariable = "RESILIENCE_CHAOS";

    /// <summary>The name in descriptions and errors. Default: "chaos".</summary>
    public string Name { get; init; } = "chaos";

    /// <summary>What is injected.</summary>
    public required ChaosInjection Injection { get; init; }

    /// <summary>Into which share of attempts, from 0 to 1. Default: 0.001.</summary>
    public double Rate { get; init; } = 0.001;

    /// <summary>
    /// The share for one attempt, in place of <see cref="Rate"/>; below 0 counts as 0, above 1 as 1, what is no number as 0. Default: null.
    /// </summary>
    public Func<ChaosCall, double>? RateGenerator { get; init; }

    /// <summary>Whether an attempt may be touched at all, asked before the rate. Default, null: each may.</summary>
    public Func<ChaosCall, bool>? EnabledGenerator { get; init; }

    /// <summary>
    /// Decides the sequence of draws; threads that share the strategy divide that one sequence. Default, null: each run differs.
    /// </summary>
    public ulong? Seed { get; init; }

    /// <summary>What switches it on. Default: the environment.</summary>
    public ChaosActivation Activation { get; init; } = ChaosActivation.ByEnvironment;

    internal ChaosOptions Validated()
    {
        ArgumentException.ThrowIfNullOrEmpty(Name);
        ArgumentNullException.ThrowIfNull(Injection);
        if (!(Rate is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(Rate), Rate, string.Create(CultureInfo.InvariantCulture, $"Rate is {Rate}: it must lie between 0 and 1."));
        }

        if (!Enum.IsDefined(Activation))
        {
            throw new ArgumentOutOfRangeException(
                nameof(Activation), Activation, $"Activation is {(int)Activation}: it must be ByEnvironment, Always or Never.");
        }

        return this;
    }

    internal bool IsOn(Func<string, string?> environment) => Activation switch
    {
        ChaosActivation.Always => true,
        ChaosActivation.ByEnvironment => environment(EnvironmentVariable) == "1",
        _ => false,
    };
}
