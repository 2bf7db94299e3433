namespace Resilience;

/// <summary>How long the part of a call inside the timeout may take, and what becomes of a callee that does not stop.</summary>
public sealed record TimeoutOptions
{
    internal const string Range = "above zero and at most 365 days";
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(365);

    /// <summary>The name in descriptions and errors. Default: "timeout".</summary>
    public string Name { get; init; } = "timeout";

    /// <summary>
    /// The time allowed, above zero and at most 365 days. Never cut short; late by the steps of the system's clock (up to 11 ms on Linux,
    /// 17 ms elsewhere), or about 1 ms in a pipeline that has a timeout below 100 ms. Default: 30 s.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gives the time allowed in place of <see cref="Timeout"/>, each time the timeout is entered, in the same range;
    /// <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for none. What it throws fails the call. Default: null.
    /// </summary>
    public Func<TimeoutRequest, TimeSpan>? Generator { get; init; }

    /// <summary>Takes the time allowed from a tracker in place of <see cref="Timeout"/>. Default: null.</summary>
    public AdaptiveTimeout? Adaptive { get; init; }

    /// <summary>
    /// Set, the caller gets his <see cref="TimeoutRejectedException"/> at the deadline (or his cancellation when he cancels) though the callee
    /// goes on, and this counts what was left behind; its result is disposed when it comes. Whatever the callback was given, state and
    /// context, must outlive the call, and strategies further in are left only when the callee ends. Only for asynchronous calls, and only
    /// once the callee has returned its task. Null, the call ends when the callee does. Default: null.
    /// </summary>
    public AbandonedCalls? Abandoned { get; init; }

    internal static bool IsInRange(TimeSpan timeout) => timeout > TimeSpan.Zero && timeout <= s_longest;

    internal TimeoutOptions Validated()
    {
        ArgumentException.ThrowIfNullOrEmpty(Name);
        if (!IsInRange(Timeout))
        {
            throw new ArgumentOutOfRangeException(nameof(Timeout), Timeout, $"Timeout is {Timeout}: it must be {Range}.");
        }

        if (Generator is not null && Adaptive is not null)
        {
            throw new ArgumentException("Generator and Adaptive are both set: the time allowed can come from one of them only.");
        }

        Adaptive?.Validate();
        return this;
    }

    internal Strategy ToStrategy(TimeProvider time)
    {
        if (Abandoned is null && Generator is null && Adaptive is null)
        {
            return new TimeoutStrategy(this);
        }

        TimeoutSource source = Generator is not null ? new GeneratedTimeout(this, Generator)
            : Adaptive is not null ? new TrackedTimeout(Adaptive, Clock.For(time))
            : new ConstantTimeout(Timeout);
        return Abandoned is not null ? new AbandoningTimeoutStrategy(this, source, Abandoned) : new VariableTimeoutStrategy(this, source);
    }
}
