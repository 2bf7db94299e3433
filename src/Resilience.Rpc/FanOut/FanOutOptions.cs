namespace Resilience.Rpc;

/// <summary>How a fan-out decides, judges answers and waits. Immutable; checked when the fan-out is built.</summary>
/// <typeparam name="T">The type of the answers.</typeparam>
public sealed record FanOutOptions<T>
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    /// <summary>When it is decided and whom it asks. Default: <see cref="FanOutMode.All"/>.</summary>
    public FanOutMode Mode { get; init; } = FanOutMode.All;

    /// <summary>The time for everything, from 1 ms to a day. It holds even if an endpoint ignores its token. Default: 10 s.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Which answers may be taken. Null: all but null. Not asked when <see cref="Judge"/> is set.</summary>
    public Func<T, bool>? IsAcceptable { get; init; }

    /// <summary>
    /// The digest of an answer, for the voting modes; or its number, for Highest. Called on the endpoint's thread with nothing locked. Not asked
    /// when <see cref="Judge"/> is set.
    /// </summary>
    public Func<T, UInt256>? Key { get; init; }

    /// <summary>
    /// Asked in the voting modes whether two answers with equal keys are the same; if not, each is an answer of its own. Called on the endpoint's
    /// thread with nothing locked, perhaps after the fan-out is over; if it throws, the key decides. Null: the key decides.
    /// </summary>
    public Func<T, T, bool>? AreSame { get; init; }

    /// <summary>
    /// Judges each answer and each exception, instead of the two above and of <see cref="Ruling.FromException"/>. Called on the endpoint's
    /// thread with nothing locked. If it throws, the endpoint has failed.
    /// </summary>
    public Func<Outcome<T>, Ruling>? Judge { get; init; }

    /// <summary>What to do with an answer that nobody will see. Null: it is disposed, if it is <see cref="IDisposable"/>.</summary>
    public Action<T>? Discard { get; init; }

    /// <summary>How often an endpoint is asked again after a fault that allows it, such as Network: from 0 to 10. Default: 3.</summary>
    public int MaxRetries { get; init; } = 3;

    /// <summary>The waits before it is asked again. Default: 50, 200 and 800 ms, each ± 25 %.</summary>
    public Backoff RetryBackoff { get; init; } = Backoff.Schedule(
        TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(800)).WithJitter(Jitter.PlusMinus(0.25));

    /// <summary>When an endpoint counts as late.</summary>
    public StallOptions Stall { get; init; } = new();

    /// <summary>Mode Hedged: how many calls for being late are allowed a fan-out, in the long run, from 0 to 1. Default: 0.1.</summary>
    public double HedgeShare { get; init; } = 0.1;

    /// <summary>Mode Hedged: how many of them may come at once after a quiet time, from 1 to 1,000. Default: 10.</summary>
    public int HedgeBurst { get; init; } = 10;

    /// <summary>What to do when a vote is not decided. Default: <see cref="DisputePolicy.Error"/>.</summary>
    public DisputePolicy Dispute { get; init; } = DisputePolicy.Error;

    internal void Validate()
    {
        OptionCheck.NotNull(Mode, nameof(Mode));
        OptionCheck.NotNull(RetryBackoff, nameof(RetryBackoff));
        OptionCheck.NotNull(Stall, nameof(Stall));
        OptionCheck.NotNull(Dispute, nameof(Dispute));
        OptionCheck.Duration(Deadline, s_shortest, s_longest, nameof(Deadline));
        OptionCheck.Range(MaxRetries, 0, 10, nameof(MaxRetries));
        OptionCheck.Range(HedgeShare, 0, 1, nameof(HedgeShare));
        OptionCheck.Range(HedgeBurst, 1, 1_000, nameof(HedgeBurst));
        Stall.Validate();
    }

    internal void Validate(Decision decision) => OptionCheck.That(
        !(decision.Votes || decision.Compares) || Key is not null || Judge is not null, nameof(Key),
        $"{nameof(Key)} and {nameof(Judge)} are null; mode {Mode} needs one of them to compare answers.");
}
