using System.Globalization;

namespace Resilience.Rpc;

/// <summary>One row of the corpus: what a kind of endpoint answers, and what that means.</summary>
/// <param name="Source">Whose answer it is.</param>
/// <param name="Signal">The answer.</param>
/// <param name="Fault">Its class.</param>
/// <param name="Treatment">What follows.</param>
public sealed record FaultCase(string Source, FaultSignal Signal, FaultClass Fault, FaultTreatment Treatment)
{
    private const int Columns = 12;

    /// <summary>
    /// Reads one row, with <c>|</c> between the columns: client, status, code or <c>none</c>, message, data, method, class, and yes or no for
    /// another endpoint, same endpoint, breaker and votes, and the verdict: success, transient, permanent, throttled or ignored.
    /// </summary>
    /// <param name="row">The row.</param>
    /// <exception cref="FormatException">The row cannot be read, or its breaker column is not its verdict's.</exception>
    public static FaultCase Parse(string row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var cells = row.Split('|', StringSplitOptions.TrimEntries);
        if (cells.Length != Columns)
        {
            throw new FormatException($"'{row}' has {cells.Length} columns; a case has {Columns}.");
        }

        if (!int.TryParse(cells[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            || !TryCode(cells[2], out var code) || !Enum.TryParse<FaultClass>(cells[6], out var fault))
        {
            throw new FormatException($"'{row}': the status, the code or the class cannot be read.");
        }

        var treatment = new FaultTreatment(Flag(row, cells[7]), Flag(row, cells[8]), Flag(row, cells[10]), Named(row, cells[11]));
        return treatment.CountsForBreaker == Flag(row, cells[9])
            ? new FaultCase(cells[0], new FaultSignal(status, code, cells[3], cells[4], cells[5]), fault, treatment)
            : throw new FormatException($"'{row}': breaker is {cells[9]}, which is not what the verdict {cells[11]} says.");
    }

    private static bool TryCode(string cell, out long? code)
    {
        code = long.TryParse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        return code is not null || cell == "none";
    }

    private static bool Flag(string row, string cell) => cell switch
    {
        "yes" => true,
        "no" => false,
        _ => throw new FormatException($"'{row}': '{cell}' must be yes or no."),
    };

    private static Verdict Named(string row, string cell) => cell switch
    {
        "success" => Verdict.Success,
        "transient" => Verdict.Transient,
        "permanent" => Verdict.Permanent,
        "throttled" => Verdict.Throttled(TimeSpan.Zero),
        "ignored" => Verdict.Ignored,
        _ => throw new FormatException($"'{row}': '{cell}' is no verdict."),
    };
}
