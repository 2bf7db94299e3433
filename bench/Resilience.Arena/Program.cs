using Resilience.Arena;

return args switch
{
    [Words.UpstreamArgument] => await UpstreamMain.RunAsync(),
    [Words.ContestantArgument] => await ContestantMain.RunAsync(),
    [ValidateMain.Verb, .. var rest] => await ValidateMain.RunAsync(rest),
    _ => await ArenaMain.RunAsync(args),
};
