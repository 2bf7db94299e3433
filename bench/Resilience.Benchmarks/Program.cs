using Resilience.Benchmarks;

return args switch
{
    ["scoreboard", .. var options] => ScoreboardMain.Run(options),
    ["bdn", .. var options] => BenchmarkDotNetMain.Run(options),
    ["--help" or "-h" or "help"] => Exit.With(Exit.Done, Console.Out, Usage.Text),
    [] => Exit.With(Exit.WrongArguments, Console.Error, Usage.Text),
    [var verb, ..] => Exit.With(Exit.WrongArguments, Console.Error, $"There is no verb '{verb}'.\n\n{Usage.Text}"),
};
