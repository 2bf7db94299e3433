using System.Globalization;
using System.Net;
using System.Text;

namespace Resilience.Arena;

/// <summary>The report: one HTML file that needs nothing else, in light and dark.</summary>
internal static class HtmlReport
{
    public static string Write(ArenaResult result)
    {
        var page = new StringBuilder();
        page.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n");
        page.Append(CultureInfo.InvariantCulture, $"<title>Arena: {Encode(result.Plan.Script.Name)}</title>\n<style>\n{Styles()}</style>\n</head>\n<body>\n<main>\n");
        page.Append(CultureInfo.InvariantCulture, $"<header>\n<p class=\"eyebrow\">The arena</p>\n<h1>{Encode(result.Plan.Script.Name)}</h1>\n");
        page.Append(CultureInfo.InvariantCulture, $"<p class=\"lead\">{Lead.Write(result)}</p>\n</header>\n");
        page.Append(ScoreCards.Write(result));
        page.Append(ScriptTable.Write(result.Plan));
        Chart(page, "What became of the calls", Sentences.Outcome, OutcomeChart.Legend, OutcomeChart.Draw(result));
        Chart(page, "How long the good ones took", Sentences.Latency, LatencyChart.Legend, LatencyChart.Draw(result));
        Chart(page, "What the upstream had to bear", Sentences.Load, LoadChart.Legend, LoadChart.Draw(result));
        Chart(page, "What the breaker did", Sentences.Breaker, BreakerChart.Legend, BreakerChart.Draw(result));
        Chart(page, "What a call costs", Sentences.Cost, [], CostChart.Draw(result));
        page.Append(FigureTable.Write(result));
        page.Append(Method.Write(result));
        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static void Chart(StringBuilder page, string title, string sentence, (string Style, string Title)[] legend, string drawing)
    {
        page.Append(CultureInfo.InvariantCulture, $"<section>\n<h2>{title}</h2>\n<p>{sentence}</p>\n<p class=\"legend\">");
        foreach ((string style, string text) in legend)
        {
            page.Append(CultureInfo.InvariantCulture, $"<span><i class=\"{style}\"></i>{text}</span> ");
        }

        page.Append(CultureInfo.InvariantCulture, $"</p>\n{drawing}</section>\n");
    }

    private static string Styles()
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
