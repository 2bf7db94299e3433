namespace Resilience.Arena;

/// <summary>The frame that all charts share: one row a contestant, the same seconds from left to right, the phases behind it.</summary>
internal sealed class Timeline
{
    private const double Width = 1080;
    private const double Left = 176;
    private const double Right = 12;
    private const double Top = 26;
    private const double Bottom = 24;
    private const double Gap = 16;

    private readonly ArenaResult _result;
    private readonly double _rowHeight;
    private readonly double _bottom;

    public Timeline(ArenaResult result, double rowHeight)
    {
        _result = result;
        _rowHeight = rowHeight;
        _bottom = Top + (result.Lanes.Count * (rowHeight + Gap)) - Gap;
        Svg = new Svg(Width, _bottom + Bottom);
        Phases();
        Axis();
        for (int row = 0; row < result.Lanes.Count; row++)
        {
            Row(row);
        }
    }

    public Svg Svg { get; }

    public double RowHeight => _rowHeight;

    public double SliceWidth => (Width - Left - Right) / _result.Plan.SliceCount;

    public static double LeftEdge => Left;

    public static double RightEdge => Width - Right;

    public double X(double second) => Left + (Math.Clamp(second / _result.Plan.Seconds, 0, 1) * (Width - Left - Right));

    /// <summary>Where a row's bottom is.</summary>
    public double Base(int row) => Top + (row * (_rowHeight + Gap)) + _rowHeight;

    /// <summary>A mark on a row's left scale, with a fine line across.</summary>
    public void Mark(int row, double up, string text, string style = "grid")
    {
        double y = Base(row) - up;
        Svg.Line(style, Left, y, RightEdge, y);
        Svg.Text("scale", Left - 6, y + 3.5, text);
    }

    /// <summary>Makes a slice of a row answer the pointer with a text.</summary>
    public void Tip(int row, int slice, string text) =>
        Svg.Rectangle("hit", Left + (slice * SliceWidth), Base(row) - _rowHeight, SliceWidth, _rowHeight, text);

    /// <summary>"12.0–12.5 s", for a tip's first line.</summary>
    public string When(int slice) => FormattableString.Invariant(
        $"{slice * _result.Plan.SliceSeconds:F1}–{(slice + 1) * _result.Plan.SliceSeconds:F1} s");

    private void Phases()
    {
        foreach (PhaseSpan span in _result.Plan.Script.Spans(_result.Plan.Seconds))
        {
            double x = X(span.Start);
            double width = X(span.End) - x;
            Svg.Rectangle(PhaseWords.Style(span.Phase), x, Top - 6, width, _bottom - Top + 6);
            Svg.Text("phase", x + 6, Top - 12, width > 7.0 * span.Phase.Name.Length ? span.Phase.Name : "");
            Svg.Line("edge", x, Top - 20, x, _bottom);
        }
    }

    private void Axis()
    {
        double step = new double[] { 0.5, 1, 2, 5, 10, 20, 50, 100 }.First(candidate => _result.Plan.Seconds / candidate <= 12);
        for (double second = 0; second <= _result.Plan.Seconds + 1e-9; second += step)
        {
            Svg.Line("grid", X(second), _bottom, X(second), _bottom + 4);
            Svg.Text("axis", X(second), _bottom + 16, FormattableString.Invariant($"{second:0.#} s"));
        }
    }

    private void Row(int row)
    {
        LaneResult lane = _result.Lanes[row];
        Svg.Text(lane.Contestant.Name == ContestantName.Ours ? "lane ours" : "lane", 0, Base(row) - (_rowHeight / 2) + 5, lane.Title);
        Svg.Line("base", Left, Base(row), RightEdge, Base(row));
    }
}
