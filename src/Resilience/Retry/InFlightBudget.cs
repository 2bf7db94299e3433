using System.Globalization;

namespace Resilience;

/// <summary>
/// Retries in flight are at most a share of the calls in flight, or a minimum where that is more. A call counts from its start to its
/// end, a retry from its grant, hence with its wait, to its end. When calls end, the retries under way go on and only new ones are refused.
/// After the retry budget of Envoy's circuit breakers. One atomic word, two interlocked additions a call; see <see cref="RetryBudget"/>.
/// </summary>
public sealed class InFlightBudget : RetryBudget
{
    private readonly InFlightBudgetOptions _options;

    // A struct whose word changes, hence not readonly.
    private InFlightShare<Production> _share;

    /// <summary>A budget with nothing in flight.</summary>
    /// <param name="options">The options, or the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public InFlightBudget(InFlightBudgetOptions? options = null)
    {
        _options = options ?? new InFlightBudgetOptions();
        _options.Validate();
        _share = new InFlightShare<Production>((int)Math.Round(_options.Share * InFlightShare<Production>.Whole), _options.Minimum);
    }

    /// <summary>How many calls are in flight.</summary>
    public int Calls => _share.Count.Calls;

    /// <summary>How many retries are in flight.</summary>
    public int Retries => _share.Count.Retries;

    /// <inheritdoc/>
    public override void OnStart() => _share.Start();

    /// <summary>The budget in words.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"retries in flight up to {_options.Share * 100:0.##} % of calls in flight, at least {_options.Minimum}");

    /// <inheritdoc/>
    protected override int Withdraw(bool afterTimeout, int owed) => _share.TryTake(owed != 0) ? 1 : 0;

    /// <inheritdoc/>
    protected override void GiveBack(bool success, int owed) => _share.GiveBack();

    /// <inheritdoc/>
    protected override void End(bool success, bool retried) => _share.End();
}
