using System.Diagnostics;

namespace Resilience.Benchmarks;

/// <summary>The verb "hitrate".</summary>
internal static class HitRateMain
{
    public static int Run(string[] arguments)
    {
        HitRateOptions options;
        try
        {
            options = HitRateOptions.Parse(arguments);
        }
        catch (ArgumentException e)
        {
            return Exit.With(Exit.WrongArguments, Console.Error, $"{e.Message}\n\n{Usage.Text}");
        }

        var started = Stopwatch.GetTimestamp();
        var all = new List<HitRates>();
        Console.WriteLine(Line("trace", "size", "LRU", "LFU", "Adaptive (5 seeds)", "Density", "optimal", "owed", ""));
        foreach (var trace in HitRateList.Traces(options.Traces))
        {
            foreach (var size in HitRateList.Sizes(trace, options.Sizes))
            {
                var rates = HitRateList.Play(trace, size);
                all.Add(rates);
                Console.WriteLine(Line(rates));
            }
        }

        var worst = all.Where(rates => !rates.IsBytes).MinBy(rates => rates.Adaptive[0] - rates.Recency);
        if (worst is not null)
        {
            Console.WriteLine(
                $"Worst seed of Adaptive against LRU: {worst.Adaptive[0] - worst.Recency:+0.00;-0.00} points, {worst.Trace} at {worst.SizeText}.");
        }

        var file = new FileInfo(options.Out ?? Path.Combine("artifacts", "hitrate.html"));
        file.Directory!.Create();
        File.WriteAllText(file.FullName, HitRatePicture.Of(all));
        Console.WriteLine($"Written: {file.FullName}, in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s");
        return options.Gate && all.Exists(rates => !rates.IsMet) ? Exit.Missed : Exit.Done;
    }

    private static string Line(HitRates r) => Line(
        r.Trace, r.SizeText, $"{r.Recency:0.00}", $"{r.Frequency:0.00}", $"{r.Adaptive[0]:0.00} {r.Median:0.00} {r.Adaptive[^1]:0.00}",
        $"{r.Density:0.00}", $"{r.Optimal:0.00}", $"{r.Owed:0.0}", r.Owed is null ? "" : r.IsMet ? "met" : "MISSED");

    private static string Line(params string[] cells) =>
        $"| {cells[0],-18} | {cells[1],9} | {cells[2],6} | {cells[3],6} | {cells[4],18} | {cells[5],7} | {cells[6],7} | {cells[7],5} | {cells[8],-6} |";
}
