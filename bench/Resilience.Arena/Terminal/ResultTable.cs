using Spectre.Console;

namespace Resilience.Arena;

/// <summary>The final table.</summary>
internal static class ResultTable
{
    public static void Write(IAnsiConsole console, ArenaResult result)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("");
        foreach (LaneResult lane in result.Lanes)
        {
            table.AddColumn(new TableColumn(Markup.Escape(lane.Title)).RightAligned());
        }

        foreach (Figure figure in Figures.All)
        {
            table.AddRow([Markup.Escape(figure.Title), .. result.Lanes.Select(lane => Markup.Escape(figure.Text(lane)))]);
        }

        console.Write(table);
        RunPlan plan = result.Plan;
        console.WriteLine($"{plan.Script.Name}: {plan.Seconds:0.#} s, {plan.Rate:0.#} calls a second in {plan.Arrivals.Words()} "
            + $"for each contestant, seed {plan.Seed}. In time means within {RunPlan.GoalMs / 1000:0.#} s of the intended start.");
        foreach (LaneResult lane in result.Lanes)
        {
            Ends ends = lane.Contestant.Ends;
            if (ends.Shed + ends.Unfinished > 0)
            {
                console.WriteLine($"{lane.Title}: {ends.Shed} calls were shed with {RunPlan.MaxInFlight} in flight, "
                    + $"{ends.Unfinished} had not ended {RunPlan.DrainSeconds:0} s after the script.");
            }
        }
    }
}
