namespace Resilience.Benchmarks;

/// <summary>A line of the scoreboard. Most are a <see cref="ContestRow"/>; one that measures otherwise is a class of its own.</summary>
internal abstract class Row(string name)
{
    /// <summary>Lower case and dotted, from the general to the special.</summary>
    public string Name { get; } = name;

    /// <summary>What its ratio must reach; null if it owes none.</summary>
    public Target? Target { get; init; }

    /// <summary>The most bytes; null if not bounded.</summary>
    public double? BytesLimit { get; init; }

    /// <summary>Whether fewer bytes are owed than the peer's, instead of a limit.</summary>
    public bool OwesFewerBytes { get; init; }

    public string Note { get; init; } = "";

    /// <summary>Measures the row anew.</summary>
    /// <param name="control">Tells whether the machine was shared meanwhile.</param>
    public abstract RowResult Measure(Control control);
}
