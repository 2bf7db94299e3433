namespace Resilience.Benchmarks;

internal static class Usage
{
    public const string Text =
        """
        Usage: dotnet run -c Release --project bench/Resilience.Benchmarks -- <verb> [options]

        scoreboard            Ours and Polly side by side in this process; a table, and artifacts/scoreboard.json.
          --rows a,b          Only these rows: a name, or the beginning of names ('breaker.', 'pipeline.standard4').
          --gate              Exit with 1 when a row misses its target or its limit of bytes.
          --out FILE          Write the figures there instead.
          --list              Name the rows and what they owe; run nothing.

        compression           What each compression saves and costs, by length of a JSON payload, as a table.

        bdn                   The BenchmarkDotNet classes; what follows goes to BenchmarkDotNet.
          --filter *Retry*    Which of them; '*' for all.
          --list flat         Name them.

        Exit codes: 0 done, 1 a row missed under --gate, 2 wrong arguments.
        """;
}
