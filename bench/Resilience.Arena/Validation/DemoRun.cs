using System.Diagnostics;
using Resilience.Rpc;
using Spectre.Console;

namespace Resilience.Arena;

/// <summary>What asking several endpoints gains: time, and answers that are there and right. Each part prints its figure beside its mark.</summary>
internal sealed class DemoRun(IAnsiConsole console, CancellationToken token)
{
    private const int Questions = 400;
    private const double Share = 0.2;
    private static readonly TimeSpan s_answerTime = TimeSpan.FromMilliseconds(100);
    private readonly Table _table = new Table().Border(TableBorder.Rounded)
        .AddColumns("", "one after another, or one endpoint", "together", "gain", "mark", "");

    private bool _met = true;

    /// <summary>Runs the demo; true if every figure reached its mark.</summary>
    public async Task<bool> RunAsync()
    {
        await console.Status().StartAsync("starting nodes", async status =>
        {
            foreach (var count in new[] { 3, 8 })
            {
                status.Status = $"speed: {count} calls of {s_answerTime.TotalMilliseconds:0} ms";
                await SpeedAsync(count);
            }

            status.Status = $"faults: {Questions} questions, {Share:0 %} of the connections reset";
            await FaultsAsync();
            status.Status = $"lies: {Questions} questions, {Share:0 %} of the answers wrong";
            await LiesAsync();
        });
        console.Write(_table);
        console.WriteLine(
            $"Wrong answers at 2 of 3 with a share p of independent ones: at most 3p²(1 - p) + p³ = {Bound:0.0 %} of the questions could be answered "
            + "wrongly, if all liars told the same lie; here a lie is one of 1,000. A dispute is reported, not answered, after one more try.");
        await ReasonsAsync();
        return _met;
    }

    private static double Bound => (3 * Share * Share * (1 - Share)) + (Share * Share * Share);

    private static EndpointSet<JsonRpcClient> SetOf(IEnumerable<DemoNode> nodes) => new(
        nodes.Select((node, i) => new EndpointOptions<JsonRpcClient>
        {
            Name = $"node {i + 1}",
            Target = node.Client,
            CircuitBreaker = new CircuitBreakerOptions { FailureRatio = 0.9, MinimumCalls = 20, Window = CircuitWindow.Calls(32) },
        }),
        new EndpointSetOptions { SitOut = TimeSpan.Zero });

    private static FanOut<JsonRpcClient, JsonRpcReply> MajorityOf(IEnumerable<DemoNode> nodes) => new(SetOf(nodes), new FanOutOptions<JsonRpcReply>
    {
        Mode = FanOutMode.Majority,
        Judge = Ruling.FromReply,
        Dispute = DisputePolicy.Retry(TimeSpan.FromMilliseconds(50)),
    });

    private static JsonRpcRequest Question(int number) => JsonRpcRequest.Of("eth_getTransactionByHash", DemoChain.Transaction(number));

    private static bool IsRight(JsonRpcReply reply, int number) =>
        reply.Result.Span.IndexOf(System.Text.Encoding.ASCII.GetBytes($"\"value\":\"0x{number:x}\"")) >= 0;

    private static async Task<DemoNode[]> NodesAsync(int count, Action<DemoNode> change)
    {
        var nodes = await Task.WhenAll(Enumerable.Range(0, count).Select(i => DemoNode.StartAsync(seed: i + 1)));
        Array.ForEach(nodes, change);
        return nodes;
    }

    private static async Task StopAsync(DemoNode[] nodes)
    {
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }

    private async Task SpeedAsync(int count)
    {
        const int Rounds = 5;
        var nodes = await NodesAsync(count, static node => node.Delay = s_answerTime);
        var fanOut = new FanOut<JsonRpcClient, JsonRpcReply>(SetOf(nodes), new FanOutOptions<JsonRpcReply> { Judge = Ruling.FromReply });
        var (alone, together) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            foreach (var node in nodes)
            {
                (await node.Client.CallAsync(Question(round), token)).Dispose();
            }

            alone.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            start = Stopwatch.GetTimestamp();
            (await fanOut.ExecuteAsync(static (client, request, token) => client.CallAsync(request, token), Question(round), token)).Dispose();
            together.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        await StopAsync(nodes);
        var (slow, quick) = (alone.Order().ElementAt(Rounds / 2), together.Order().ElementAt(Rounds / 2));
        var (gain, ideal) = (1 - (quick / slow), 1 - (1.0 / count));
        Row($"{count} equal calls", $"{slow:0} ms", $"{quick:0} ms", $"{gain:0.0 %}; ideal {ideal:0.0 %}", "0.95 of the ideal", gain / ideal >= 0.95);
    }

    private async Task FaultsAsync()
    {
        var nodes = await NodesAsync(3, static node => node.Faults = Share);
        var fanOut = MajorityOf(nodes);
        var (alone, together) = (0, 0);
        for (var i = 0; i < Questions; i++)
        {
            using var single = await nodes[0].Client.CallAsync(Question(i), token);
            alone += single.HasResult ? 0 : 1;
            using var result = await fanOut.ExecuteAsync(static (client, request, token) => client.CallAsync(request, token), Question(i), token);
            together += result.Status == FanOutStatus.Agreed ? 0 : 1;
        }

        await StopAsync(nodes);
        var fewer = alone == 0 ? 0 : 1 - ((double)together / alone);
        Row("no answer, faults in the network", Of(alone), Of(together), $"{fewer:0.0 %} fewer", "75 % fewer", fewer >= 0.75);
    }

    private async Task LiesAsync()
    {
        var nodes = await NodesAsync(3, static node => node.Wrong = Share);
        var fanOut = MajorityOf(nodes);
        var (alone, together, disputes) = (0, 0, 0);
        for (var i = 0; i < Questions; i++)
        {
            using var single = await nodes[0].Client.CallAsync(Question(i), token);
            alone += IsRight(single, i) ? 0 : 1;
            using var result = await fanOut.ExecuteAsync(static (client, request, token) => client.CallAsync(request, token), Question(i), token);
            disputes += result.HasValue ? 0 : 1;
            together += result.HasValue && !IsRight(result.Value, i) ? 1 : 0;
        }

        await StopAsync(nodes);
        var caught = alone == 0 ? 0 : 1 - ((double)together / alone);
        Row(
            "a wrong answer taken", Of(alone), $"{Of(together)}, {disputes} disputes reported", $"{caught:0.0 %} caught",
            $"at most {Bound:0.0 %} wrong", together <= Bound * Questions);
    }

    private async Task ReasonsAsync()
    {
        var nodes = await NodesAsync(3, static node => node.Delay = TimeSpan.FromMilliseconds(5));
        nodes[2].Wrong = 1;
        using var validator = new RpcValidator(SetOf(nodes));
        ReasonsTable.Write(console, await validator.ValidateAsync(RpcSubject.Transaction(DemoChain.Transaction(7)), token));
        await StopAsync(nodes);
    }

    private static string Of(int count) => $"{count} of {Questions}";

    private void Row(string what, string alone, string together, string gain, string mark, bool met)
    {
        _met &= met;
        _table.AddRow(what, alone, together, gain, mark, met ? "met" : "[red]missed[/]");
    }
}
