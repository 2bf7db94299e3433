using Resilience.Arena;

return args switch
{
    [Words.UpstreamArgument] => await UpstreamMain.RunAsync(),
    [Words.ContestantArgument] => await ContestantMain.RunAsync(),
    _ => await ArenaMain.RunAsync(args),
};
