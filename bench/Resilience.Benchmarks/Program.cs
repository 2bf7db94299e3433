using Resilience.Benchmarks;

return args switch
{
    ["--help" or "-h" or "help", ..] or ["scoreboard", "--help" or "-h", ..] => Exit.With(Exit.Done, Console.Out, Usage.Text),
    ["scoreboard", .. var options] => ScoreboardMain.Run(options),
    ["compression"] => CompressionMain.Run(),
    ["hitrate", .. var options] => HitRateMain.Run(options),
    ["bdn", .. var options] => BenchmarkDotNetMain.Run(options),
    [] => Exit.With(Exit.WrongArguments, Console.Error, Usage.Text),
    [var verb, ..] => Exit.With(Exit.WrongArguments, Console.Error, $"There is no verb '{verb}'.\n\n{Usage.Text}"),
};
