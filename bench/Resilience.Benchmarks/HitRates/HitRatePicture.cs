using System.Globalization;
using System.Net;
using System.Text;

namespace Resilience.Benchmarks;

/// <summary>The hit rates as a page of bars, one chart a trace.</summary>
internal static class HitRatePicture
{
    private const int BarHeight = 12;
    private const int GroupGap = 14;
    private const int Left = 110;
    private const int PixelsForAll = 560;

    private const string Style =
        """
        <style>
        body { font: 14px system-ui, sans-serif; margin: 2rem; color: #1b1f24; background: #fff }
        text { font: 11px system-ui, sans-serif; fill: currentColor }
        .lru { fill: #9aa4b2 } .lfu { fill: #d0b48a } .adaptive { fill: #2b6cb0 } .density { fill: #2f855a } .optimal { fill: #e2e8f0 }
        .owed { stroke: #c53030; stroke-width: 2 }
        .key { display: inline-block; width: 12px; height: 12px; margin: 0 4px 0 12px }
        @media (prefers-color-scheme: dark) { body { background: #15181c; color: #e6e9ee } .optimal { fill: #39424e } }
        </style>
        """;

    public static string Of(IReadOnlyList<HitRates> all)
    {
        var page = new StringBuilder("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Hit rates</title>").Append(Style);
        page.Append("<h1>Hit rates</h1><p>Share of requests found, in per cent; Adaptive is the median of its seeds, the red mark what is owed.</p><p>");
        foreach (var (style, colour) in new[] { ("LRU", "#9aa4b2"), ("LFU", "#d0b48a"), ("Adaptive", "#2b6cb0"), ("Density", "#2f855a"), ("optimal", "#cbd5e0") })
        {
            page.Append(CultureInfo.InvariantCulture, $"<span class=\"key\" style=\"background:{colour}\"></span>{style}");
        }

        page.Append("</p>\n");
        foreach (var trace in all.GroupBy(rates => rates.Trace))
        {
            page.Append(CultureInfo.InvariantCulture, $"<h2>{WebUtility.HtmlEncode(trace.Key)}</h2>\n");
            Chart(page, [.. trace]);
        }

        return page.Append("</html>\n").ToString();
    }

    private static void Chart(StringBuilder page, HitRates[] sizes)
    {
        var body = new StringBuilder();
        var y = 4;
        foreach (var rates in sizes)
        {
            var top = y;
            body.Append(CultureInfo.InvariantCulture, $"<text x=\"4\" y=\"{y + BarHeight - 2}\">{rates.SizeText}</text>\n");
            Bar("lru", rates.Recency);
            Bar("lfu", rates.Frequency);
            Bar("adaptive", rates.Median);
            Bar("density", rates.Density);
            Bar("optimal", rates.Optimal);
            if (rates.Owed is { } owed)
            {
                var x = Left + (owed * PixelsForAll / 100);
                body.Append(CultureInfo.InvariantCulture, $"<line class=\"owed\" x1=\"{x:0.0}\" x2=\"{x:0.0}\" y1=\"{top}\" y2=\"{y}\"/>\n");
            }

            y += GroupGap;
        }

        page.Append(CultureInfo.InvariantCulture, $"<svg width=\"{Left + PixelsForAll + 60}\" height=\"{y}\" role=\"img\">\n{body}</svg>\n");

        void Bar(string style, double? rate)
        {
            if (rate is not { } value)
            {
                return;
            }

            var width = value * PixelsForAll / 100;
            body.Append(
                CultureInfo.InvariantCulture,
                $"<rect class=\"{style}\" x=\"{Left}\" y=\"{y}\" width=\"{width:0.0}\" height=\"{BarHeight - 2}\"><title>{style} {value:0.00}</title></rect>");
            body.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left + width + 4:0.0}\" y=\"{y + BarHeight - 3}\">{value:0.0}</text>\n");
            y += BarHeight;
        }
    }
}
