namespace Resilience.Rpc;

/// <summary>
/// When a fan-out is decided and whom it asks. Immutable. What a mode needs of the endpoints is checked when the fan-out is built.
/// </summary>
public abstract class FanOutMode
{
    private FanOutMode()
    {
    }

    /// <summary>Asks everybody and waits for all, or for the deadline.</summary>
    public static FanOutMode All { get; } = new Fixed("All", static () => new AllDecision());

    /// <summary>Asks everybody; the first acceptable answer is taken.</summary>
    public static FanOutMode FirstSuccess { get; } = new Fixed("FirstSuccess", static () => new FirstDecision(atOnce: true, heedsStalls: false));

    /// <summary>Asks one, and the next when it is late or at once when it fails; the first acceptable answer is taken.</summary>
    public static FanOutMode Hedged { get; } = new Fixed("Hedged", static () => new FirstDecision(atOnce: false, heedsStalls: true));

    /// <summary>Asks one, and the next when it has failed; the first acceptable answer is taken.</summary>
    public static FanOutMode Sequential { get; } = new Fixed("Sequential", static () => new FirstDecision(atOnce: false, heedsStalls: false));

    /// <summary>Asks one endpoint, once: for what must not be sent twice.</summary>
    public static FanOutMode Once { get; } = new Fixed("Once", static () => new FirstDecision(atOnce: false, heedsStalls: false, most: 1));

    /// <summary>A majority of the endpoints must give the same answer.</summary>
    public static FanOutMode Majority { get; } = new Counted(null);

    /// <summary>So many endpoints must give the same answer. It holds while fewer than that give the same wrong one.</summary>
    /// <param name="votes">More than half of the endpoints, at most all.</param>
    public static FanOutMode Quorum(int votes) => new Counted(votes);

    /// <summary>
    /// Endpoints that give the same answer must together reach a weight; those of the greatest weight are asked first.
    /// </summary>
    /// <param name="threshold">More than half of the weight of all endpoints, at most all of it.</param>
    /// <param name="leastTagged">How many of them, at least, must bear a tag.</param>
    public static FanOutMode Weighted(long threshold, params IEnumerable<KeyValuePair<string, int>> leastTagged) =>
        new Weighed(threshold, [.. leastTagged]);

    /// <summary>
    /// The highest number that is vouched for although so many endpoints lie: the (liars + 1)-th highest of at least 2 · liars + 1 answers.
    /// </summary>
    /// <param name="liars">At least 0; with n endpoints 2 · liars + 1 is at most n, and n - 2 · liars - 1 may stay silent.</param>
    public static FanOutMode Highest(int liars) => new Greatest(liars);

    internal abstract Decision Decide(IReadOnlyList<Endpoint> endpoints, DisputeRule dispute);

    private sealed class Fixed(string name, Func<Decision> create) : FanOutMode
    {
        public override string ToString() => name;

        internal override Decision Decide(IReadOnlyList<Endpoint> endpoints, DisputeRule dispute) => create();
    }

    private sealed class Counted(int? votes) : FanOutMode
    {
        public override string ToString() => votes is { } k ? $"Quorum({k})" : "Majority";

        internal override Decision Decide(IReadOnlyList<Endpoint> endpoints, DisputeRule dispute)
        {
            var all = endpoints.Count;
            var needed = votes ?? ((all / 2) + 1);
            OptionCheck.That(
                needed > all / 2 && needed <= all, nameof(votes),
                $"votes is {needed}; of {all} endpoints it must be from {(all / 2) + 1} to {all}.");
            return new QuorumDecision(needed, dispute);
        }
    }

    private sealed class Weighed(long threshold, KeyValuePair<string, int>[] leastTagged) : FanOutMode
    {
        public override string ToString() => $"Weighted({threshold})";

        internal override Decision Decide(IReadOnlyList<Endpoint> endpoints, DisputeRule dispute)
        {
            var total = endpoints.Sum(endpoint => (long)endpoint.Weight);
            OptionCheck.That(
                threshold > total / 2 && threshold <= total, nameof(threshold),
                $"threshold is {threshold}; of a total weight of {total} it must be from {(total / 2) + 1} to {total}.");
            return new WeightedDecision(
                [.. endpoints.Select(endpoint => endpoint.Weight)], threshold, [.. leastTagged.Select(tag => Tagged(tag, endpoints))], dispute);
        }

        private static (uint Tagged, int Least) Tagged(KeyValuePair<string, int> tag, IReadOnlyList<Endpoint> endpoints)
        {
            var tagged = endpoints.Where(endpoint => endpoint.Tags.Contains(tag.Key)).ToArray();
            OptionCheck.That(
                tag.Value >= 1 && tag.Value <= tagged.Length, nameof(leastTagged),
                $"leastTagged of '{tag.Key}' is {tag.Value}; {tagged.Length} endpoints bear that tag, so it must be from 1 to {tagged.Length}.");
            return (tagged.Aggregate(0u, static (set, endpoint) => set | endpoint.Bit), tag.Value);
        }
    }

    private sealed class Greatest(int liars) : FanOutMode
    {
        public override string ToString() => $"Highest({liars})";

        internal override Decision Decide(IReadOnlyList<Endpoint> endpoints, DisputeRule dispute)
        {
            var most = (endpoints.Count - 1) / 2;
            OptionCheck.That(
                liars >= 0 && liars <= most, nameof(liars),
                $"liars is {liars}; of {endpoints.Count} endpoints it must be from 0 to {most}, so that 2 · liars + 1 can answer.");
            return new HighestDecision(liars);
        }
    }
}
