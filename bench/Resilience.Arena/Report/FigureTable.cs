using System.Globalization;
using System.Text;

namespace Resilience.Arena;

/// <summary>The final table with an explanation a row.</summary>
internal static class FigureTable
{
    public static string Write(ArenaResult result)
    {
        var table = new StringBuilder("<section>\n<h2>All figures</h2>\n<div class=\"wide\"><table>\n<thead><tr><th></th>");
        foreach (LaneResult lane in result.Lanes)
        {
            table.Append(CultureInfo.InvariantCulture, $"<th>{HtmlReport.Encode(lane.Title)}</th>");
        }

        table.Append("</tr></thead>\n<tbody>\n");
        foreach (Figure figure in Figures.All)
        {
            table.Append(CultureInfo.InvariantCulture, $"<tr><th>{figure.Title}<small>{figure.Explanation}</small></th>");
            foreach (LaneResult lane in result.Lanes)
            {
                table.Append(CultureInfo.InvariantCulture, $"<td>{figure.Text(lane)}</td>");
            }

            table.Append("</tr>\n");
        }

        return table.Append("</tbody>\n</table></div>\n</section>\n").ToString();
    }
}
