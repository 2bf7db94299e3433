namespace Resilience.Rpc;

/// <summary>
/// What real endpoints answer, with the class that each answer must have: to hold a table against, such as one with rules of a user's own.
/// </summary>
public static class FaultCorpus
{
    /// <summary>The cases that this library brings.</summary>
    public static IReadOnlyList<FaultCase> Cases { get; } = [.. FaultData.Rows("corpus.csv").Select(FaultCase.Parse)];

    /// <summary>Reads cases of one's own: a row a line, see <see cref="FaultCase.Parse"/>; lines that begin with # say nothing.</summary>
    /// <param name="reader">Where from.</param>
    /// <exception cref="FormatException">A row cannot be read.</exception>
    public static IReadOnlyList<FaultCase> Read(TextReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return [.. FaultData.Rows(reader).Select(FaultCase.Parse)];
    }

    /// <summary>The cases that a table does not tell right.</summary>
    /// <param name="table">The table.</param>
    /// <param name="cases">The cases.</param>
    public static IReadOnlyList<FaultCase> Misjudged(FaultTable table, IEnumerable<FaultCase> cases)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(cases);
        return [.. cases.Where(c => table.Classify(c.Signal) != c.Fault || FaultTreatment.Of(c.Fault) != c.Treatment)];
    }
}
