namespace Resilience.Benchmarks;

/// <summary>A measured row, as the table and the file show it.</summary>
internal sealed record RowResult
{
    public required string Name { get; init; }

    /// <summary>Whose figures stand in <see cref="Peer"/>.</summary>
    public required string PeerName { get; init; }

    public required Figure Ours { get; init; }

    public required Figure Peer { get; init; }

    /// <summary>The callback without a library.</summary>
    public required Figure Bare { get; init; }

    /// <summary>The bytes a call that count: of ours, or of ours above the bare callback's.</summary>
    public required double OurBytes { get; init; }

    public required double PeerBytes { get; init; }

    public required double Ratio { get; init; }

    public Target? Target { get; init; }

    public double? BytesLimit { get; init; }

    public required string Note { get; init; }

    public bool IsFastEnough => Target?.IsMetBy(Ratio) ?? true;

    public bool IsSmallEnough => BytesLimit is not { } limit || OurBytes <= limit;

    public Standing Standing => Target is null && BytesLimit is null ? Standing.Shown
        : IsFastEnough && IsSmallEnough ? Standing.Pass
        : Standing.Miss;
}
