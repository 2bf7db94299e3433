using System.Diagnostics;

namespace Resilience.Arena;

/// <summary>A contestant's process and the upstream's process that serves it alone.</summary>
internal sealed class Lane : IAsyncDisposable
{
    private readonly Child _upstream;
    private readonly Child _contestant;

    private Lane(ContestantName name, Child upstream, Child contestant)
    {
        Name = name;
        _upstream = upstream;
        _contestant = contestant;
    }

    public ContestantName Name { get; }

    public static Lane Launch(ContestantName name) => new(
        name,
        Child.Launch($"The upstream of {Titles.Of(name)}", Words.UpstreamArgument),
        Child.Launch(Titles.Of(name), Words.ContestantArgument));

    /// <summary>Brings both processes to the point where only the start signal is missing.</summary>
    public async Task PrepareAsync(RunPlan plan, CancellationToken token)
    {
        await _upstream.SendAsync(Words.Order, plan);
        UpstreamReady ready = await _upstream.ReceiveAsync<UpstreamReady>(Words.Ready, token);
        await _contestant.SendAsync(Words.Order, new ContestantOrder(Name, new Uri($"http://127.0.0.1:{ready.Port}"), plan));
        await _contestant.ReceiveAsync<ContestantName>(Words.Ready, token);
    }

    /// <summary>Runs the script from the given moment and collects what both ends saw.</summary>
    public async Task<LaneResult> RunAsync(long at, Action<ContestantName, Tick> progress, CancellationToken token)
    {
        await _upstream.SendAsync(Words.Start, new StartSignal(at));
        await _contestant.SendAsync(Words.Start, new StartSignal(at));
        ContestantSummary summary = await _contestant.ReceiveAsync<ContestantSummary>(
            Words.Result,
            token,
            line => progress(Name, Wire.Payload<Tick>(line)));
        await _upstream.SendAsync(Words.Stop, "");
        return new LaneResult(Titles.Of(Name), summary, await _upstream.ReceiveAsync<UpstreamResult>(Words.Result, token));
    }

    public async ValueTask DisposeAsync()
    {
        await _contestant.DisposeAsync();
        await _upstream.DisposeAsync();
    }
}
