using System.Globalization;

namespace Resilience;

/// <summary>
/// Retries while successes outweigh failures: a failed attempt costs one token, a call that succeeds brings a fraction, and retries are
/// granted only above half of the most tokens. A retry itself costs nothing. After gRPC's <c>retryThrottling</c> (proposal A6). One
/// atomic word, only read while no attempt fails; see <see cref="RetryBudget"/> for safety and cost.
/// </summary>
public sealed class TokenPairBudget : RetryBudget
{
    private const int Token = 1_000;
    private readonly TokenPairBudgetOptions _options;
    private readonly int _success;
    private readonly int _threshold;

    // A struct whose word changes, hence not readonly.
    private BoundedTokens<Production> _tokens;

    /// <summary>A budget with all its tokens.</summary>
    /// <param name="options">The options, or the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public TokenPairBudget(TokenPairBudgetOptions? options = null)
    {
        _options = options ?? new TokenPairBudgetOptions();
        _options.Validate();
        _success = (int)Math.Round(_options.TokenRatio * Token);
        _threshold = _options.MaxTokens * Token / 2;
        _tokens = new BoundedTokens<Production>(_options.MaxTokens * Token);
    }

    /// <summary>How many tokens there are.</summary>
    public double Tokens => _tokens.Count / (double)Token;

    /// <inheritdoc/>
    public override void OnFailure() => _tokens.Remove(Token);

    /// <summary>The budget in words.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"retries above half of {_options.MaxTokens} tokens, -1 a failure, +{_options.TokenRatio:0.###} a success");

    /// <inheritdoc/>
    protected override int Withdraw(bool afterTimeout, int owed) => _tokens.Count > _threshold ? 1 : 0;

    /// <inheritdoc/>
    protected override void End(bool success, bool retried)
    {
        if (success)
        {
            _tokens.Add(_success);
        }
    }
}
