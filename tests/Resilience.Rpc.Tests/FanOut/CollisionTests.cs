using System.Net;
using System.Text;

namespace Resilience.Rpc.Tests.FanOut;

/// <summary>Answers whose digests are equal although they are not, as nobody can make them: they are held against each other.</summary>
public sealed class CollisionTests
{
    [Theory]
    [InlineData("1", "2", false)]
    [InlineData("""{"a":1,"b":2}""", """{"a":1,"b":3}""", false)]
    [InlineData("""{"a":1,"b":2}""", """{ "b":2.0, "a":1 }""", true)]
    [InlineData("\"x\"", "\"x\"", true)]
    public void WhenDigestsCollide_TheBodiesTellThemApart(string first, string second, bool same)
    {
        using var one = Forged(first);
        using var other = Forged(second);
        Assert.Equal(one.Digest, other.Digest);
        Assert.Equal(same, one.IsSameAs(other));
        Assert.Equal(same, other.IsSameAs(one));
    }

    [Fact]
    public void WhenABodyIsNotKept_TheDigestDecides()
    {
        using var kept = Forged("1");
        using var dropped = Forged("2", retain: false);
        Assert.True(kept.IsSameAs(dropped) && dropped.IsSameAs(kept));
    }

    [Fact]
    public async Task WhenDigestsCollideInAVote_TheyAreTwoAnswers()
    {
        await Fresh.Stack();
        using var dispute = await Vote("1", "2", "3");
        using var agreed = await Vote("1", "2", "1");
        Assert.Equal((FanOutStatus.Dispute, FanOutStatus.Agreed), (dispute.Status, agreed.Status));
        Assert.Equal((SlotVote.Agrees, SlotVote.Differs, SlotVote.Agrees), (agreed[0].Vote, agreed[1].Vote, agreed[2].Vote));
    }

    [Fact]
    public async Task WhenAnswersCollideAtTheSameTime_NoneIsCountedWithAnother()
    {
        await Fresh.Stack();
        for (var round = 0; round < 500; round++)
        {
            var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var run = Make(static (one, other) => one == other).ExecuteAsync(
                static async (endpoint, start, _) =>
                {
                    await start.Task;
                    return endpoint % 3;
                },
                start);
            start.SetResult();
            using var result = await run;
            Assert.Equal(FanOutStatus.Dispute, result.Status);
        }
    }

    [Fact]
    public async Task WhenTheComparisonThrows_TheKeyDecides()
    {
        await Fresh.Stack();
        using var result = await Make(static (_, _) => throw new FormatException()).ExecuteAsync(static (endpoint, _) => new ValueTask<int>(endpoint));
        Assert.Equal(FanOutStatus.Agreed, result.Status);
    }

    private static FanOut<int, int> Make(Func<int, int, bool> areSame) => new(
        new EndpointSet<int>(Enumerable.Range(0, 6).Select(i => new EndpointOptions<int> { Name = $"e{i}", Target = i })),
        new FanOutOptions<int> { Mode = FanOutMode.Quorum(4), Key = static _ => 7, AreSame = areSame });

    private static ValueTask<FanOutResult<JsonRpcReply>> Vote(params string[] answers)
    {
        var fanOut = new FanOut<string, JsonRpcReply>(
            new EndpointSet<string>(answers.Select((answer, i) => new EndpointOptions<string> { Name = $"e{i}", Target = answer }),
                new EndpointSetOptions { Exploration = 0 }),
            new FanOutOptions<JsonRpcReply>
            {
                Mode = FanOutMode.Quorum(2),
                Judge = Ruling.FromReply,
                AreSame = static (one, other) => one.IsSameAs(other),
                Dispute = DisputePolicy.Error,
            });
        return fanOut.ExecuteAsync(static (answer, _) => new ValueTask<JsonRpcReply>(Forged(answer)));
    }

    // The seam: an envelope whose digest is what the test says.
    private static JsonRpcReply Forged(string result, bool retain = true)
    {
        var bytes = Encoding.UTF8.GetBytes(result);
        var body = new ReplyBody(retain ? 1_000 : 0, null);
        body.Append(new System.Buffers.ReadOnlySequence<byte>(bytes));
        var envelope = new Envelope { HasResult = true, ResultEnd = bytes.Length, ResultDigest = 4711 };
        return new JsonRpcReply(envelope, new Exchange(FaultClass.None, "", HttpStatusCode.OK), body, sharesBody: true, JsonDigest.Whole);
    }
}
