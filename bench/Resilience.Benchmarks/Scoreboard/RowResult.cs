namespace Resilience.Benchmarks;

/// <summary>A measured row, as the table and the file show it.</summary>
internal sealed record RowResult
{
    public required string Name { get; init; }

    /// <summary>Whose figures stand in <see cref="Peer"/>.</summary>
    public string PeerName { get; init; } = "Polly";

    /// <summary>Null where no time is measured.</summary>
    public Figure? Ours { get; init; }

    /// <inheritdoc cref="Ours"/>
    public Figure? Peer { get; init; }

    /// <summary>The callback without a library; null where there is none.</summary>
    public Figure? Bare { get; init; }

    /// <summary>The bytes that count: a call's, or those above the bare callback's, or those that an object keeps. Null where none count.</summary>
    public double? OurBytes { get; init; }

    /// <inheritdoc cref="OurBytes"/>
    public double? PeerBytes { get; init; }

    /// <summary>What <see cref="Target"/> bounds; null where nothing is compared.</summary>
    public double? Ratio { get; init; }

    /// <summary>Whether the machine was too busy for the figure to mean anything.</summary>
    public bool IsVoid { get; init; }

    public Target? Target { get; init; }

    public double? BytesLimit { get; init; }

    /// <summary>Whether fewer bytes are owed than the peer's.</summary>
    public bool OwesFewerBytes { get; init; }

    public required string Note { get; init; }

    public bool IsFastEnough => Target is null || (Ratio is { } ratio && Target.IsMetBy(ratio));

    public bool IsSmallEnough => (BytesLimit is not { } limit || OurBytes <= limit) && (!OwesFewerBytes || OurBytes < PeerBytes);

    public Standing Standing => IsVoid ? Standing.Void
        : Target is null && BytesLimit is null && !OwesFewerBytes ? Standing.Shown
        : IsFastEnough && IsSmallEnough ? Standing.Pass
        : Standing.Miss;
}
