namespace Resilience.Benchmarks;

/// <summary>The verb "scoreboard".</summary>
internal static class ScoreboardMain
{
    public static int Run(string[] arguments)
    {
        ScoreboardOptions options;
        IReadOnlyList<Row> rows;
        FileInfo? file;
        try
        {
            options = ScoreboardOptions.Parse(arguments);
            rows = RowList.Find(options.Rows);
            file = options.List ? null : ResultFile.At(options.Out);
        }
        catch (ArgumentException e)
        {
            return Exit.With(Exit.WrongArguments, Console.Error, $"{e.Message}\n\n{Usage.Text}");
        }

        return file is null ? Exit.With(Exit.Done, Console.Out, MarkdownTable.OfTargets(rows)) : Run(rows, file, options.Gate);
    }

    private static int Run(IReadOnlyList<Row> rows, FileInfo file, bool gate)
    {
        var control = new Control();
        var results = new List<RowResult>();
        foreach (var row in rows)
        {
            Console.Error.Write($"{row.Name,-32} ");
            var result = row.Measure(control);
            results.Add(result);
            Console.Error.WriteLine($"{result.Ratio,8:0.0}  {result.Standing}");
        }

        var machine = Machine.Describe(control);
        Console.WriteLine();
        Console.WriteLine(MarkdownTable.Of(results));
        Console.WriteLine(machine.Text);
        ResultFile.Write(file, machine, results);
        Console.WriteLine($"Written: {file.FullName}");

        var missed = results.Count(r => r.Standing == Standing.Miss);
        var passed = results.Count(r => r.Standing == Standing.Pass);
        var voided = results.Count(r => r.Standing == Standing.Void);
        Console.WriteLine($"{passed} passed, {missed} missed, {voided} void, {results.Count - passed - missed - voided} without a target");
        return gate && missed > 0 ? Exit.Missed : Exit.Done;
    }
}
