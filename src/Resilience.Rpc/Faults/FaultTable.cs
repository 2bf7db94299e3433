namespace Resilience.Rpc;

/// <summary>
/// Tells the fault class of what an endpoint answered: by the first of its rules that fits. Codes alone mislead, as nodes use them
/// differently, so rules look at status, code, message, data and method together. Immutable and safe for concurrent use; a look-up allocates
/// nothing and is linear in the number of rules.
/// </summary>
public sealed class FaultTable
{
    private readonly FaultRule[] _rules;

    private FaultTable(FaultRule[] rules) => _rules = rules;

    /// <summary>The rules that this library brings.</summary>
    public static FaultTable Default { get; } = new([.. FaultData.Rows("rules.csv").Select(FaultRule.Parse)]);

    /// <summary>The rules, in the order in which they are asked.</summary>
    public IReadOnlyList<FaultRule> Rules => _rules;

    /// <summary>The table with rules that are asked before those that it has.</summary>
    /// <param name="rules">The rules, first one first.</param>
    public FaultTable With(params ReadOnlySpan<FaultRule> rules) => new([.. rules, .. _rules]);

    /// <summary>The class of an answer that is not a result.</summary>
    /// <param name="signal">What was answered.</param>
    /// <returns><see cref="FaultClass.Unclassified"/> if no rule fits.</returns>
    public FaultClass Classify(in FaultSignal signal)
    {
        foreach (var rule in _rules)
        {
            if (rule.Fits(signal))
            {
                return rule.Fault;
            }
        }

        return FaultClass.Unclassified;
    }
}
