namespace Resilience.Arena;

/// <summary>The intended start of each call, in seconds. Fixed before the run: nothing that happens in it can move an arrival.</summary>
internal static class Schedule
{
    // Keeps the arrivals' draws apart from those of the faults, which use call numbers here.
    private const int ArrivalStream = -1;

    public static double[] Of(RunPlan plan)
    {
        var starts = new List<double>((int)(plan.Rate * plan.Seconds * 1.1) + 16);
        var dice = new Dice(plan.Seed, ArrivalStream);
        double at = 0;
        while (starts.Count < RunPlan.MaxCalls)
        {
            at += plan.Arrivals == Arrivals.Constant ? 1 / plan.Rate : -Math.Log(1 - dice.Next()) / plan.Rate;
            if (at >= plan.Seconds)
            {
                break;
            }

            starts.Add(at);
        }

        return [.. starts];
    }
}
