using System.Text;

namespace Resilience.Benchmarks;

/// <summary>The results as a Markdown table, padded so that it reads in a terminal too.</summary>
internal static class MarkdownTable
{
    public static string Of(IEnumerable<RowResult> results) => Lay(
        [
            ["row", "bare ns", "ours ns", "peer ns", "ratio", "target", "ours B", "peer B", "limit B", "", "note"],
            .. results.Select(r => new[]
            {
                r.Name, $"{r.Bare?.Nanoseconds:0.0}", Time(r.Ours), Time(r.Peer), Ratio(r), Target(r), Bytes(r.OurBytes),
                Bytes(r.PeerBytes), Limit(r.BytesLimit, r.OwesFewerBytes), Word(r), Note(r),
            }),
        ],
        numbers: 1..9);

    public static string OfTargets(IEnumerable<Row> rows) => Lay(
        [
            ["row", "target", "limit B", "note"],
            .. rows.Select(row => new[] { row.Name, row.Target?.ToString() ?? "", Limit(row.BytesLimit, row.OwesFewerBytes), row.Note }),
        ],
        numbers: 1..3);

    private static string Time(Figure? figure) => figure is null ? "" : $"{figure.Nanoseconds:0.0} ±{figure.Spread:0%}";

    private static string Ratio(RowResult result) => result.Ratio is { } ratio ? $"{ratio:0.0#}×" : "";

    private static string Target(RowResult result) => result.Target?.ToString() ?? "";

    private static string Bytes(double? bytes) => bytes?.ToString("#,0.##") ?? "";

    private static string Limit(double? bytes, bool owesFewer) => owesFewer ? "< peer" : Bytes(bytes);

    private static string Note(RowResult r) => r.PeerName == "Polly" ? r.Note : $"peer: {r.PeerName}; {r.Note}";

    private static string Word(RowResult r) => r.Standing switch
    {
        Standing.Shown => "",
        Standing.Pass => "pass",
        Standing.Void => "void",
        _ => (r.IsFastEnough, r.IsSmallEnough) switch
        {
            (false, false) => "MISS (time, bytes)",
            (false, _) => "MISS (time)",
            _ => "MISS (bytes)",
        },
    };

    private static string Lay(string[][] cells, Range numbers)
    {
        var widths = Enumerable.Range(0, cells[0].Length).Select(column => cells.Max(line => line[column].Length)).ToArray();
        var right = new bool[widths.Length];
        right.AsSpan(numbers).Fill(true);
        var text = new StringBuilder();
        for (var line = 0; line < cells.Length; line++)
        {
            for (var column = 0; column < widths.Length; column++)
            {
                var cell = cells[line][column];
                text.Append("| ").Append(right[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column])).Append(' ');
            }

            text.Append("|\n");
            if (line == 0)
            {
                Rule(text, widths, right);
            }
        }

        return text.ToString();
    }

    private static void Rule(StringBuilder text, int[] widths, bool[] right)
    {
        for (var column = 0; column < widths.Length; column++)
        {
            text.Append("| ").Append('-', Math.Max(0, widths[column] - 1)).Append(right[column] ? ':' : '-').Append(' ');
        }

        text.Append("|\n");
    }
}
