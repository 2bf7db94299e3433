namespace Resilience.Rpc;

/// <summary>Mode Quorum: k equal answers of n endpoints.</summary>
internal sealed class QuorumDecision(int quorum, DisputeRule dispute) : VotingDecision(dispute)
{
    /// <inheritdoc/>
    protected override bool Reaches(uint endpoints) => Size(endpoints) >= quorum;

    /// <inheritdoc/>
    protected override long Weight(uint endpoints) => Size(endpoints);
}
