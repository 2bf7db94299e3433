namespace Resilience.Rpc.Tests.FanOut;

/// <summary>Who differs from a strict majority too often sits out for a while, but never so many that too few are left.</summary>
public sealed class DissentTests
{
    [Fact]
    public async Task WhenAnEndpointDiffersThreeTimes_ItSitsOutForAMinute()
    {
        await Fresh.Stack();
        var desk = Liars(5, 0);
        var fanOut = desk.Make(FanOutMode.Majority);
        for (var i = 0; i < 3; i++)
        {
            Assert.Empty(desk.Set.SittingOut);
            (await desk.Run(fanOut)).Dispose();
        }

        Assert.Equal(["e0"], desk.Set.SittingOut.Select(endpoint => endpoint.Name));
        using (var result = await desk.Run(fanOut))
        {
            Assert.Equal((FanOutStatus.Agreed, FaultClass.NotStarted), (result.Status, result[0].Fault));
        }

        desk.Clock.Advance(61.Seconds());
        Assert.Empty(desk.Set.SittingOut);
    }

    [Fact]
    public async Task WhenItDiffersTooRarely_ItStays()
    {
        await Fresh.Stack();
        var desk = Liars(3, 0);
        var fanOut = desk.Make(FanOutMode.Majority);
        for (var i = 0; i < 6; i++)
        {
            (await desk.Run(fanOut)).Dispose();
            desk.Clock.Advance(151.Seconds());
            Assert.Empty(desk.Set.SittingOut);
        }
    }

    [Fact]
    public async Task WhenTooFewWouldBeLeft_NobodySitsOut()
    {
        await Fresh.Stack();
        var desk = Liars(3, 0, new EndpointSetOptions { Exploration = 0, MinimumHealthy = 3 });
        var fanOut = desk.Make(FanOutMode.Majority);
        for (var i = 0; i < 9; i++)
        {
            (await desk.Run(fanOut)).Dispose();
        }

        Assert.Empty(desk.Set.SittingOut);
    }

    [Fact]
    public async Task WhenTheModeNeedsEverybody_WhoSitsOutIsAskedAllTheSame()
    {
        await Fresh.Stack();
        var desk = Liars(3, 0);
        var majority = desk.Make(FanOutMode.Majority);
        for (var i = 0; i < 3; i++)
        {
            (await desk.Run(majority)).Dispose();
        }

        Assert.Single(desk.Set.SittingOut);
        using var result = await desk.Run(desk.Make(FanOutMode.Quorum(3)));
        Assert.Equal((FanOutStatus.Dispute, 1), (result.Status, result[0].Attempts));
    }

    private static Desk Liars(int count, int liar, EndpointSetOptions? options = null)
    {
        var desk = new Desk(count, options);
        for (var i = 0; i < count; i++)
        {
            desk.Answers(i, i == liar ? 666 : 1);
        }

        return desk;
    }
}
