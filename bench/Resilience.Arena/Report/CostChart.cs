using System.Globalization;

namespace Resilience.Arena;

/// <summary>What an undisturbed call costs: a bar to the median, and a whisker over the spread.</summary>
internal static class CostChart
{
    private const double Width = 1080;
    private const double Left = 176;
    private const double PanelGap = 60;
    private const double LabelRoom = 96;
    private const double RowHeight = 34;
    private const double Top = 30;

    public static string Draw(ArenaResult result)
    {
        var svg = new Svg(Width, Top + (result.Lanes.Count * RowHeight) + 6);
        double panel = (Width - Left - PanelGap) / 2;
        for (int row = 0; row < result.Lanes.Count; row++)
        {
            LaneResult lane = result.Lanes[row];
            svg.Text(lane.Contestant.Name == ContestantName.Ours ? "lane ours" : "lane", 0, Top + (row * RowHeight) + 20, lane.Title);
        }

        Panel(svg, result, Left, panel - LabelRoom, "CPU time, µs per call", "cpu", contestant => contestant.CpuMicroseconds);
        Panel(svg, result, Left + panel + PanelGap, panel - LabelRoom, "memory, bytes per call", "memory", contestant => contestant.Bytes);
        return svg.Write("CPU time and allocated bytes of an undisturbed call, for each contestant");
    }

    private static void Panel(
        Svg svg, ArenaResult result, double left, double width, string title, string style, Func<ContestantSummary, Cost> cost)
    {
        double most = result.Lanes.Max(lane => cost(lane.Contestant).High ?? 0);
        svg.Text("phase", left, 14, title);
        for (int row = 0; row < result.Lanes.Count; row++)
        {
            double middle = Top + (row * RowHeight) + 15;
            if (cost(result.Lanes[row].Contestant) is not { Undisturbed: { } median, Low: { } low, High: { } high })
            {
                svg.Text("note", left + 6, middle + 4, "no undisturbed slice");
                continue;
            }

            double X(double value) => left + (value / most * width);
            svg.Rectangle($"bar {style}", left, middle - 9, X(median) - left, 18);
            svg.Line("whisker", X(low), middle, X(high), middle);
            svg.Line("whisker", X(low), middle - 4, X(low), middle + 4);
            svg.Line("whisker", X(high), middle - 4, X(high), middle + 4);
            svg.Text("value", X(high) + 8, middle + 4.5, median.ToString("N0", CultureInfo.InvariantCulture));
        }
    }
}
