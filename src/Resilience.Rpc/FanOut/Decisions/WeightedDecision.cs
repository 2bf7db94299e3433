namespace Resilience.Rpc;

/// <summary>Mode Weighted: equal answers whose endpoints together reach a weight, with at least so many of certain tags among them.</summary>
internal sealed class WeightedDecision : VotingDecision
{
    private readonly int[] _weights;
    private readonly long _threshold;
    private readonly (uint Tagged, int Least)[] _tags;
    private readonly EndpointOrder _order;

    internal WeightedDecision(int[] weights, long threshold, (uint Tagged, int Least)[] tags, DisputeRule dispute)
        : base(dispute)
    {
        (_weights, _threshold, _tags) = (weights, threshold, tags);
        _order = EndpointOrder.Of([.. Enumerable.Range(0, weights.Length).OrderByDescending(endpoint => weights[endpoint])]);
    }

    /// <inheritdoc/>
    internal override EndpointOrder? OwnOrder => _order;

    /// <inheritdoc/>
    protected override bool Reaches(uint endpoints)
    {
        foreach (var (tagged, least) in _tags)
        {
            if (Size(endpoints & tagged) < least)
            {
                return false;
            }
        }

        return Weight(endpoints) >= _threshold;
    }

    /// <inheritdoc/>
    protected override long Weight(uint endpoints)
    {
        var weight = 0L;
        for (; endpoints != 0; endpoints &= endpoints - 1)
        {
            weight += _weights[Ballot.First(endpoints)];
        }

        return weight;
    }
}
