using System.Globalization;
using System.Text;

namespace Resilience.Arena;

/// <summary>The phases of the outage side by side, as wide as they are long.</summary>
internal static class ScriptTable
{
    public static string Write(RunPlan plan)
    {
        var section = new StringBuilder("<section>\n<h2>What happens</h2>\n<p>The server follows this script, whoever calls it: attempt 2 of call 417 "
            + "meets the same fate in every lane.</p>\n<ol class=\"script\">\n");
        foreach (PhaseSpan span in plan.Script.Spans(plan.Seconds))
        {
            section.Append(CultureInfo.InvariantCulture, $"<li class=\"{PhaseWords.Style(span.Phase)}\" style=\"flex-grow:{Svg.Number(100 * span.Phase.Share)}\">");
            section.Append(CultureInfo.InvariantCulture, $"<b>{HtmlReport.Encode(span.Phase.Name)}</b><small>{span.Start:0.#}–{span.End:0.#} s</small>");
            section.Append(CultureInfo.InvariantCulture, $"<span>{HtmlReport.Encode(PhaseWords.Of(span.Phase))}</span></li>\n");
        }

        return section.Append("</ol>\n</section>\n").ToString();
    }
}
