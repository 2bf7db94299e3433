using System.Globalization;
using System.Text;

namespace Resilience.Arena;

/// <summary>A card a contestant: the figure that matters most, the ends of its calls as a bar, and a few figures more.</summary>
internal static class ScoreCards
{
    public static string Write(ArenaResult result)
    {
        var cards = new StringBuilder("<div class=\"cards\">\n");
        foreach (LaneResult lane in result.Lanes)
        {
            Card(cards, lane);
        }

        return cards.Append("</div>\n").ToString();
    }

    private static void Card(StringBuilder cards, LaneResult lane)
    {
        ContestantSummary contestant = lane.Contestant;
        Ends ends = contestant.Ends;
        cards.Append(contestant.Name == ContestantName.Ours ? "<article class=\"card ours\">\n" : "<article class=\"card\">\n");
        cards.Append(CultureInfo.InvariantCulture, $"<h3>{HtmlReport.Encode(lane.Title)}</h3>\n");
        cards.Append(CultureInfo.InvariantCulture, $"<p class=\"big\">{Figures.Percent(ends.InTime, ends.Calls)}</p><p class=\"what\">of calls succeeded within 1 s</p>\n<div class=\"ends\">");
        foreach ((string style, double part) in OutcomeChart.Parts(ends))
        {
            cards.Append(CultureInfo.InvariantCulture, $"<i class=\"{style}\" style=\"width:{Svg.Number(100 * part)}%\"></i>");
        }

        cards.Append("</div>\n<dl>\n");
        Entry(cards, "99 of 100 took at most", Figures.Milliseconds(contestant.LatencyMs.P99));
        Entry(cards, "requests per call, during the outage", lane.RequestsPerCallInOutage?.ToString("F2", CultureInfo.InvariantCulture) ?? "–");
        Entry(cards, "CPU per undisturbed call", contestant.CpuMicroseconds.Undisturbed is { } cpu ? $"{Figures.Whole(cpu)} µs" : "–");
        Entry(cards, "allocated per undisturbed call", contestant.Bytes.Undisturbed is { } bytes ? $"{Figures.Whole(bytes)} B" : "–");
        cards.Append("</dl>\n</article>\n");
    }

    private static void Entry(StringBuilder cards, string name, string value) =>
        cards.Append(CultureInfo.InvariantCulture, $"<div><dt>{name}</dt><dd>{value}</dd></div>\n");
}
