namespace Resilience.Rpc;

/// <summary>
/// A row of the fault table: a signal that fits every column has the class. Columns are separated by <c>|</c>: status, code, message, data,
/// method, class. Status and code are numbers, ranges (<c>500..599</c>) or <c>none</c>; the others are patterns without regard to case in
/// which <c>*</c> stands for anything. An empty column fits everything. Immutable.
/// </summary>
public sealed class FaultRule
{
    private const int Columns = 6;
    private readonly string _text;
    private readonly FaultRange _status;
    private readonly FaultRange _code;
    private readonly FaultPattern _message;
    private readonly FaultPattern _data;
    private readonly FaultPattern _method;

    private FaultRule(string text, string[] columns)
    {
        _text = text;
        _status = FaultRange.Parse(columns[0]);
        _code = FaultRange.Parse(columns[1]);
        _message = new FaultPattern(columns[2]);
        _data = new FaultPattern(columns[3]);
        _method = new FaultPattern(columns[4]);
        Fault = Enum.TryParse<FaultClass>(columns[5], out var fault) && Enum.IsDefined(fault) && fault != FaultClass.None
            ? fault
            : throw new FormatException($"'{columns[5]}' is no fault class.");
    }

    /// <summary>The class of a signal that fits.</summary>
    public FaultClass Fault { get; }

    /// <summary>Reads one row.</summary>
    /// <param name="row">The row.</param>
    /// <exception cref="FormatException">The row cannot be read; the message shows it and says why.</exception>
    public static FaultRule Parse(string row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var columns = row.Split('|', StringSplitOptions.TrimEntries);
        if (columns.Length != Columns)
        {
            throw new FormatException($"'{row}' has {columns.Length} columns; a rule has {Columns}: status, code, message, data, method, class.");
        }

        try
        {
            return new FaultRule(row, columns);
        }
        catch (FormatException e)
        {
            throw new FormatException($"'{row}': {e.Message}", e);
        }
    }

    /// <summary>Whether a signal fits every column.</summary>
    /// <param name="signal">The signal.</param>
    public bool Fits(in FaultSignal signal) =>
        _status.Fits(signal.Status == 0 ? null : signal.Status)
        && _code.Fits(signal.Code)
        && _message.Fits(signal.Message)
        && _data.Fits(signal.Data)
        && _method.Fits(signal.Method);

    /// <inheritdoc/>
    public override string ToString() => _text;
}
