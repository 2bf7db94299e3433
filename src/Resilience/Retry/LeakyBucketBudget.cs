using System.Globalization;

namespace Resilience;

/// <summary>
/// Retries are a share of the calls of the last seconds, plus a minimum a second for those who make few calls: each call pays in a
/// fraction of a retry, what is paid in fades within the time to live, and below that lies a reserve that refills at the minimum rate.
/// After Finagle's <c>RetryBudget</c>. One atomic word; see <see cref="RetryBudget"/> for safety and cost.
/// </summary>
/// <remarks>
/// Of what a call paid in, between 1 − a/ttl and e^(−a/ttl) is left after a seconds: nothing beyond the time to live when the budget is
/// left alone, the exponential under steady traffic. In any T seconds at most that much of the earlier payments, the payments within, and
/// <c>MinimumPerSecond</c>·(T + ttl) retries are granted. However few the calls, <c>MinimumPerSecond</c> are granted in every second.
/// </remarks>
public sealed class LeakyBucketBudget : RetryBudget
{
    private readonly LeakyBucketBudgetOptions _options;
    private readonly TimeProvider _timeProvider;

    // A struct whose word changes, hence not readonly.
    private LeakyBucket<Production> _bucket;

    /// <summary>A budget with a full reserve.</summary>
    /// <param name="options">The options, or the defaults.</param>
    /// <param name="timeProvider">The time, or the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public LeakyBucketBudget(LeakyBucketBudgetOptions? options = null, TimeProvider? timeProvider = null)
    {
        _options = options ?? new LeakyBucketBudgetOptions();
        _options.Validate();
        _timeProvider = timeProvider ?? TimeProvider.System;
        _bucket = new LeakyBucket<Production>(
            Clock.For(_timeProvider),
            (long)_options.TimeToLive.TotalMilliseconds,
            (int)Math.Round(_options.RetryRatio * LeakyBucket<Production>.Retry),
            _options.MinimumPerSecond);
    }

    /// <summary>How many retries would be granted now.</summary>
    public long Balance => _bucket.Retries;

    internal override TimeProvider TimeProvider => _timeProvider;

    /// <inheritdoc/>
    public override void OnStart() => _bucket.Deposit();

    /// <summary>The budget in words.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"retries up to {_options.RetryRatio * 100:0.#} % of calls and {_options.MinimumPerSecond} a second, "
        + $"over {DurationText.Of(_options.TimeToLive)}");

    /// <inheritdoc/>
    protected override int Withdraw(bool afterTimeout, int owed) => _bucket.TryTake() ? 1 : 0;
}
