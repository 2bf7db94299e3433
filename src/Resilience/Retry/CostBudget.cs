using System.Globalization;

namespace Resilience;

/// <summary>
/// A retry costs tokens, more after a timeout. When the call then succeeds, what its last retry cost comes back; a call that succeeds
/// without a retry brings a little. After the retry quota of the AWS SDKs' standard mode. One atomic word, only read while the store is
/// full; see <see cref="RetryBudget"/> for safety and cost.
/// </summary>
public sealed class CostBudget : RetryBudget
{
    private readonly CostBudgetOptions _options;

    // A struct whose word changes, hence not readonly.
    private BoundedTokens<Production> _tokens;

    /// <summary>A budget with all its tokens.</summary>
    /// <param name="options">The options, or the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public CostBudget(CostBudgetOptions? options = null)
    {
        _options = options ?? new CostBudgetOptions();
        _options.Validate();
        _tokens = new BoundedTokens<Production>(_options.Capacity);
    }

    /// <summary>How many tokens there are.</summary>
    public int Tokens => _tokens.Count;

    /// <summary>The budget in words.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"retries from {_options.Capacity} tokens, {_options.RetryCost} each, "
        + $"{_options.TimeoutRetryCost} after a timeout, +{_options.SuccessIncrement} a success");

    /// <inheritdoc/>
    protected override int Withdraw(bool afterTimeout, int owed)
    {
        var cost = afterTimeout ? _options.TimeoutRetryCost : _options.RetryCost;
        return _tokens.TryTake(cost) ? cost : 0;
    }

    /// <inheritdoc/>
    protected override void GiveBack(bool success, int owed)
    {
        if (success)
        {
            _tokens.Add(owed);
        }
    }

    /// <inheritdoc/>
    protected override void End(bool success, bool retried)
    {
        if (success && !retried)
        {
            _tokens.Add(_options.SuccessIncrement);
        }
    }
}
