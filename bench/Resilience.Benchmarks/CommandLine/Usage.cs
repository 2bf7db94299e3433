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

        hitrate               LRU, LFU, Adaptive, Density and the optimum on recorded traces, through the cache's public surface.
          --traces DIR        The folder; text and binary traces, gzipped or not, told apart by their content.
          --sizes a,b         These sizes, in entries or bytes, instead of shares of each trace and the sizes owed.
          --gate              Exit with 1 when a rate owed is missed.
          --out FILE          Draw the picture there instead of artifacts/hitrate.html.

        bdn                   The BenchmarkDotNet classes; what follows goes to BenchmarkDotNet.
          --filter *Retry*    Which of them; '*' for all.
          --list flat         Name them.

        Exit codes: 0 done, 1 a row missed under --gate, 2 wrong arguments.
        """;
}
