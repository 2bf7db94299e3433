using Resilience.Caching;

namespace Resilience.Rpc;

/// <summary>How transactions are validated, and how long what was read is kept. Immutable; checked when the validator is built.</summary>
public sealed record RpcValidatorOptions
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(365);

    /// <summary>How the endpoints agree on a reading. Default: a majority.</summary>
    public FanOutMode Mode { get; init; } = FanOutMode.Majority;

    /// <summary>What to do when they do not. Default: ask again once, after 200 ms.</summary>
    public DisputePolicy Dispute { get; init; } = DisputePolicy.Retry(TimeSpan.FromMilliseconds(200));

    /// <summary>The time for one reading, from 1 ms to a day. Default: 10 s.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many blocks, its own included, must confirm a transaction: from 1 to 1,000,000. Default: 1.</summary>
    public long Confirmations { get; init; } = 1;

    /// <summary>A block with so many confirmations is taken as final, and then also kept when asked by number: from 1 to 1,000,000. Default: 64.</summary>
    public long FinalAfter { get; init; } = 64;

    /// <summary>How long transactions and receipts are kept once included: from 1 ms to 365 days. Default: 5 minutes.</summary>
    public TimeSpan TransactionLife { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the state of an address at a block is kept. Default: 15 minutes.</summary>
    public TimeSpan AddressLife { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a block is kept that is final, or was asked for by its hash. Default: 24 hours.</summary>
    public TimeSpan BlockLife { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long a block by its number is kept that is not final: at most 15 s. Default: 2 s.</summary>
    public TimeSpan HeadLife { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long it is kept that something is not there. Default: 5 s.</summary>
    public TimeSpan NegativeLife { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many readings are kept, from 1 to 10,000,000. Default: 10,000.</summary>
    public int MaxReadings { get; init; } = 10_000;

    internal void Validate()
    {
        OptionCheck.NotNull(Mode, nameof(Mode));
        OptionCheck.NotNull(Dispute, nameof(Dispute));
        OptionCheck.Range(Confirmations, 1, 1_000_000, nameof(Confirmations));
        OptionCheck.Range(FinalAfter, 1, 1_000_000, nameof(FinalAfter));
        OptionCheck.Range(MaxReadings, 1, 10_000_000, nameof(MaxReadings));
        OptionCheck.Duration(TransactionLife, s_shortest, s_longest, nameof(TransactionLife));
        OptionCheck.Duration(AddressLife, s_shortest, s_longest, nameof(AddressLife));
        OptionCheck.Duration(BlockLife, s_shortest, s_longest, nameof(BlockLife));
        OptionCheck.Duration(HeadLife, s_shortest, TimeSpan.FromSeconds(15), nameof(HeadLife));
        OptionCheck.Duration(NegativeLife, s_shortest, s_longest, nameof(NegativeLife));
    }

    internal Dictionary<string, CacheEntryOptions> Kinds() => new(StringComparer.Ordinal)
    {
        [RpcKind.Transaction] = new() { TimeToLive = TransactionLife },
        [RpcKind.Address] = new() { TimeToLive = AddressLife },
        [RpcKind.Block] = new() { TimeToLive = BlockLife },
        [RpcKind.Head] = new() { TimeToLive = HeadLife },
        [RpcKind.Negative] = new() { TimeToLive = NegativeLife },

        // Shared by those who ask at the same time, and by nobody later.
        [RpcKind.Undecided] = new() { TimeToLive = new TimeSpan(1) },
    };
}
