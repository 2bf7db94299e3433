namespace Resilience.Rpc.Tests.FanOut;

/// <summary>Endpoints are asked by rank, then by what a call is expected to cost, with exploration.</summary>
public sealed class RankingTests
{
    [Fact]
    public async Task WhenAnEndpointIsFaster_ItComesFirst_AfterTheNextRefresh()
    {
        await Fresh.Stack();
        var desk = new Desk(3).Answers(0, 1).Answers(1, 1).Answers(2, 1);
        foreach (var (endpoint, milliseconds) in new[] { (0, 90), (1, 20), (2, 50) })
        {
            desk.Set[endpoint].Latency.Record(milliseconds.Milliseconds());
        }

        desk.Clock.Advance(2.Seconds());
        (await desk.Run(desk.Make(FanOutMode.Sequential))).Dispose();
        Assert.Equal(["e1", "e2", "e0"], desk.Set.Ranked.Select(endpoint => endpoint.Name));
        Assert.Equal([1], desk.Asked);
    }

    [Fact]
    public async Task WhenAnEndpointFails_ItFallsBehind()
    {
        await Fresh.Stack();
        var desk = new Desk(2).Fails(0).Answers(1, 1);
        desk.Fails(0, new TimeoutException());
        var fanOut = desk.Make(FanOutMode.Sequential);
        for (var i = 0; i < 5; i++)
        {
            (await desk.Run(fanOut)).Dispose();
        }

        desk.Clock.Advance(2.Seconds());
        (await desk.Run(fanOut)).Dispose();
        Assert.Equal(1, desk.Asked[^1]);
        Assert.Equal(["e1", "e0"], desk.Set.Ranked.Select(endpoint => endpoint.Name));
    }

    [Fact]
    public void WhenRanksAreGiven_TheyComeBeforeLatency()
    {
        var desk = new Desk(3, each: e => e with { Rank = 2 - e.Target });
        Assert.Equal(["e2", "e1", "e0"], desk.Set.Ranked.Select(endpoint => endpoint.Name));
    }

    [Fact]
    public async Task WhenExploring_OthersOfTheSameRankComeFirstNowAndThen()
    {
        await Fresh.Stack();
        var desk = new Desk(3, new EndpointSetOptions { Exploration = 0.5 }, e => e with { Rank = e.Target == 2 ? 1 : 0 });
        desk.Answers(0, 1).Answers(1, 1).Answers(2, 1);
        var fanOut = desk.Make(FanOutMode.Sequential);
        for (var i = 0; i < 200; i++)
        {
            (await desk.Run(fanOut)).Dispose();
        }

        Assert.InRange(desk.Asked.Count(e => e == 1), 50, 150);
        Assert.DoesNotContain(2, desk.Asked);
    }

    [Fact]
    public void WhenAPlaceIsPromoted_TheOthersKeepTheirOrder()
    {
        var order = EndpointOrder.Of([3, 1, 0, 2]);
        Assert.Equal([0, 3, 1, 2], Enumerable.Range(0, 4).Select(place => order.Promote(2)[place]));
        Assert.Equal(15, EndpointOrder.Given.Promote(15)[0]);
        Assert.Equal(14, EndpointOrder.Given.Promote(15)[15]);
        Assert.Equal(2, order.FirstOf(0b0100));
    }
}
