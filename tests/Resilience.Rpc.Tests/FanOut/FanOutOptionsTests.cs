namespace Resilience.Rpc.Tests.FanOut;

/// <summary>What cannot be meant is refused when the fan-out is built, by name, value and range.</summary>
public sealed class FanOutOptionsTests
{
    [Fact]
    public void WhenAnOptionIsOutOfItsRange_TheMessageNamesIt()
    {
        Refused("MaxRetries is 11", o => o with { MaxRetries = 11 });
        Refused("HedgeShare is NaN", o => o with { HedgeShare = double.NaN });
        Refused("HedgeBurst is 0", o => o with { HedgeBurst = 0 });
        Refused("Deadline is 00:00:00", o => o with { Deadline = TimeSpan.Zero });
        Refused("Stall is null", o => o with { Stall = null! });
        Refused("Most is 00:00:00.0010000", o => o with { Stall = new() { Most = 1.Milliseconds() } });
        Refused("votes is 1; of 3 endpoints it must be from 2 to 3", o => o with { Mode = FanOutMode.Quorum(1) });
        Refused("votes is 4", o => o with { Mode = FanOutMode.Quorum(4) });
        Refused("threshold is 1; of a total weight of 3", o => o with { Mode = FanOutMode.Weighted(1) });
        Refused("leastTagged of 'own' is 1", o => o with { Mode = FanOutMode.Weighted(2, new KeyValuePair<string, int>("own", 1)) });
        Refused("liars is 2; of 3 endpoints it must be from 0 to 1", o => o with { Mode = FanOutMode.Highest(2) });
        Refused("names 'nobody' as the leader", o => o with { Dispute = DisputePolicy.Leader("nobody") });
        Refused("Key and Judge are null", o => o with { Mode = FanOutMode.Majority, Key = null });
    }

    [Fact]
    public void WhenEndpointsAreWrong_TheMessageNamesIt()
    {
        static EndpointOptions<int> Named(string name) => new() { Name = name, Target = 0 };
        Wrong("endpoints is 0", []);
        Wrong("endpoints is 17", Enumerable.Range(0, 17).Select(i => Named($"{i}")));
        Wrong("given to two", [Named("a"), Named("a")]);
        Wrong("Name is empty", [Named("")]);
        Wrong("Weight is 0", [Named("a") with { Weight = 0 }]);
        Wrong("MaxConcurrency is 0", [Named("a") with { MaxConcurrency = 0 }]);
        Wrong("Exploration is 2", [Named("a")], new EndpointSetOptions { Exploration = 2 });
        Wrong("MinimumHealthy is 2", [Named("a")], new EndpointSetOptions { MinimumHealthy = 2 });
        Wrong("Dissents is 17", [Named("a")], new EndpointSetOptions { Dissents = 17 });
    }

    [Fact]
    public void WhenHexIsRead_ItIsANumberOfUpTo256Bits()
    {
        Assert.True(UInt256.TryParseHex("0x00ff", out var small));
        Assert.Equal((UInt256)255UL, small);
        Assert.True(UInt256.TryParseHex("0x1" + new string('0', 32), out var large));
        Assert.True(large > small && large.CompareTo(small) > 0 && small < large && small <= large && large >= small);
        Assert.Equal("0x100000000000000000000000000000000", large.ToString());
        Assert.True(UInt256.TryParseHex("0x" + new string('0', 80) + "7", out var seven));
        Assert.Equal("0x7", seven.ToString());
        Assert.All(["", "0x", "0xg", "-1", " 1", "0x1" + new string('0', 64)], text => Assert.False(UInt256.TryParseHex(text, out _)));
    }

    private static void Refused(string message, Func<FanOutOptions<Answer>, FanOutOptions<Answer>> change)
    {
        var thrown = Assert.ThrowsAny<ArgumentException>(() => new Desk(3).Make(FanOutMode.All, change));
        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
    }

    private static void Wrong(string message, IEnumerable<EndpointOptions<int>> endpoints, EndpointSetOptions? options = null)
    {
        var thrown = Assert.ThrowsAny<ArgumentException>(() => new EndpointSet<int>(endpoints, options));
        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
    }
}
