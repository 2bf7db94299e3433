namespace Resilience.Arena;

/// <summary>The life of an upstream's process: listen, follow the script, report what was seen.</summary>
internal static class UpstreamMain
{
    public static async Task<int> RunAsync()
    {
        var parent = new ParentLink();
        RunPlan plan = await parent.ReceiveAsync<RunPlan>(Words.Order);
        var log = new UpstreamLog(plan);
        var behaviour = new UpstreamBehaviour(plan, log);
        await using UpstreamServer server = await UpstreamServer.StartAsync(behaviour);
        parent.Send(Words.Ready, new UpstreamReady(server.Port));
        StartSignal start = await parent.ReceiveAsync<StartSignal>(Words.Start);
        behaviour.Start(start.At);
        await parent.ReceiveAsync<string>(Words.Stop);
        parent.Send(Words.Result, log.Result());
        return 0;
    }
}
