using System.Globalization;
using System.Net;
using System.Text;

namespace Resilience.Arena;

/// <summary>Writes SVG elements; colours are classes of the style sheet, so that one drawing serves light and dark.</summary>
internal sealed class Svg(double width, double height)
{
    private readonly StringBuilder _body = new();

    public static string Number(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);

    public void Rectangle(string style, double x, double y, double w, double h, string? tip = null)
    {
        if (w <= 0 || h <= 0)
        {
            return;
        }

        _body.Append(CultureInfo.InvariantCulture, $"<rect class=\"{style}\" x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{Number(w)}\" height=\"{Number(h)}\"");
        _body.Append(tip is null ? "/>" : $"><title>{WebUtility.HtmlEncode(tip)}</title></rect>").Append('\n');
    }

    public void Line(string style, double x1, double y1, double x2, double y2) => _body.Append(
        CultureInfo.InvariantCulture,
        $"<line class=\"{style}\" x1=\"{Number(x1)}\" y1=\"{Number(y1)}\" x2=\"{Number(x2)}\" y2=\"{Number(y2)}\"/>\n");

    public void Text(string style, double x, double y, string text) => _body.Append(
        CultureInfo.InvariantCulture,
        $"<text class=\"{style}\" x=\"{Number(x)}\" y=\"{Number(y)}\">{WebUtility.HtmlEncode(text)}</text>\n");

    /// <summary>A line through the points; a null breaks it, and a point alone becomes a dot.</summary>
    public void Curve(string style, IEnumerable<(double X, double? Y)> points)
    {
        foreach (List<(double X, double Y)> run in Runs(points))
        {
            if (run.Count == 1)
            {
                _body.Append(CultureInfo.InvariantCulture, $"<circle class=\"{style} dot\" cx=\"{Number(run[0].X)}\" cy=\"{Number(run[0].Y)}\" r=\"1.5\"/>\n");
                continue;
            }

            _body.Append(CultureInfo.InvariantCulture, $"<polyline class=\"{style}\" points=\"{Joined(run)}\"/>\n");
        }
    }

    /// <summary>The surface between an upper and a lower curve; nulls break it.</summary>
    public void Band(string style, IEnumerable<(double X, double? Upper, double? Lower)> points)
    {
        (double X, double? Upper, double? Lower)[] all = [.. points];
        List<List<(double X, double Y)>> uppers = Runs(all.Select(point => (point.X, point.Upper)));
        List<List<(double X, double Y)>> lowers = Runs(all.Select(point => (point.X, point.Lower)));
        foreach ((List<(double X, double Y)> upper, List<(double X, double Y)> lower) in uppers.Zip(lowers))
        {
            _body.Append(CultureInfo.InvariantCulture, $"<polygon class=\"{style}\" points=\"{Joined(upper)} {Joined(lower.AsEnumerable().Reverse())}\"/>\n");
        }
    }

    public string Write(string label) => string.Create(
        CultureInfo.InvariantCulture,
        $"<div class=\"chart\"><svg viewBox=\"0 0 {Number(width)} {Number(height)}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(label)}\">\n{_body}</svg></div>\n");

    private static string Joined(IEnumerable<(double X, double Y)> points) =>
        string.Join(' ', points.Select(point => $"{Number(point.X)},{Number(point.Y)}"));

    private static List<List<(double X, double Y)>> Runs(IEnumerable<(double X, double? Y)> points)
    {
        var runs = new List<List<(double X, double Y)>>();
        bool broken = true;
        foreach ((double x, double? y) in points)
        {
            if (y is null)
            {
                broken = true;
                continue;
            }

            if (broken)
            {
                runs.Add([]);
                broken = false;
            }

            runs[^1].Add((x, y.Value));
        }

        return runs;
    }
}
