using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;

namespace Resilience.Rpc.Tests.Digest;

public sealed class JsonDigestTests
{
    // Documents that a careless digest takes for one another.
    private static readonly string[] s_corpus =
    [
        """["a,b"]""", """["a","b"]""", """["ab"]""", """["a",["b"]]""", """[["a"],"b"]""", """[["a","b"]]""", """{"status":"0x0"}""", "{}", "[]",
        "[[]]", "[{}]", "[[],[]]", "null", "\"null\"", "true", "\"true\"", "false", "0", "\"0\"", "\"\"", "[\"\"]", "[null]", """{"a":null}""",
        """{"":null}""", """{"a":"b"}""", """{"b":"a"}""", """["a:b"]""", """{"a":{"b":1}}""", """{"a":1,"b":1}""", """{"a":[1],"b":[]}""",
        """{"a":[],"b":[1]}""", """{"a":{},"b":{"c":1}}""", """{"a":{"c":1},"b":{}}""", "1", "-1", "10", "1.1", "11", "1e1000", "1e-1000",
        "[1,23]", "[12,3]", "[123]", "[1,2,3]", "[3,2,1]", "[1,[2,3]]", "[[1,2],3]", """{"a":"1"}""", """{"a":1}""", """{"A":1}""", "\"a\"", "\"A\"",
        "\"é\"", "\"e\u0301\"", "\"\\u0000\"", "\"\\u0000\\u0000\"", "\"0x1\"", "\"0x01\"", "\"0X1\"", "\"0xa\"", "\"0xA\"", """[0,0]""", "[0]", "[false]",
    ];

    [Fact]
    public void WhenDocumentsDiffer_SoDoTheirDigests() =>
        Assert.Equal(s_corpus.Length, s_corpus.Select(json => Digest(json)).Distinct().Count());

    [Fact]
    public void WhenTextIsMerelyJoined_TheCorpusShowsIt() =>
        Assert.True(s_corpus.Select(json => json.Replace("\"", "", StringComparison.Ordinal)).Distinct().Count() < s_corpus.Length);

    [Theory]
    [InlineData("""{"a":1,"b":[2,{"c":3,"d":4}]}""", """ { "b" : [ 2.0 , {"d":4e0,"c":0.3e1} ] , "a" : 10e-1 } """)]
    [InlineData("\"\\u0041\\/\\ud83d\\ude00\"", "\"A/😀\"")]
    [InlineData("""{"\u0061":1}""", """{"a":1}""")]
    public void WhenDocumentsSayTheSame_TheyHaveOneDigest(string first, string second) => Assert.Equal(Digest(first), Digest(second));

    [Fact]
    public void WhenTheKeyDiffers_SoDoesTheDigest() => Assert.NotEqual(
        new JsonDigest(new JsonDigestOptions(), new SipKey(1, 2)).Compute("{}"u8.ToArray()),
        new JsonDigest(new JsonDigestOptions(), new SipKey(1, 3)).Compute("{}"u8.ToArray()));

    [Theory]
    [InlineData("""{"a":1,"a":1}""", "two members")]
    [InlineData("""{"a":1,"b":2,"\u0061":3}""", "two members")]
    [InlineData("""[{"x":{"a":1,"c":2,"a":{}}}]""", "two members")]
    [InlineData("\"\\ud800\"", "surrogate")]
    [InlineData("\"\\ude00\\ud83d\"", "surrogate")]
    [InlineData("""{"\ud800":1}""", "surrogate")]
    [InlineData("[1e1000000000000000000]", "exponent")]
    [InlineData("", "whole JSON value")]
    [InlineData("[1", "whole JSON value")]
    [InlineData("[1]]", "whole JSON value")]
    [InlineData("[1] 2", "whole JSON value")]
    [InlineData("[01]", "whole JSON value")]
    [InlineData("[1,]", "whole JSON value")]
    [InlineData("NaN", "whole JSON value")]
    [InlineData("<html>", "whole JSON value")]
    public void WhenThereIsNoDigest_TheMessageSaysWhy(string json, string reason) =>
        Assert.Contains(reason, Assert.Throws<JsonException>(() => Digest(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("22c328c3b122")]
    [InlineData("22ff22")]
    [InlineData("22c022")]
    [InlineData("22eda08022")]
    [InlineData("7b22ff223a317d")]
    public void WhenTheTextIsNoUtf8_ItIsRefused(string hex) =>
        Assert.Throws<JsonException>(() => JsonDigest.Whole.Compute(Convert.FromHexString(hex)));

    [Fact]
    public void WhenManyMembersAreOpen_TheBoundHolds()
    {
        var digest = new JsonDigest(new JsonDigestOptions { MaxOpenMembers = 100 });
        Assert.Contains("MaxOpenMembers", Assert.Throws<JsonException>(() => digest.Compute(Members(101))).Message, StringComparison.Ordinal);
        Assert.Equal(JsonDigest.Whole.Compute(Members(100)), digest.Compute(Members(100)));
    }

    [Fact]
    public void WhenDepthPassesTheBound_ItIsRefused()
    {
        static byte[] Nested(int depth) => Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth));
        JsonDigest.Whole.Compute(Nested(64));
        Assert.Throws<JsonException>(() => JsonDigest.Whole.Compute(Nested(65)));
        Assert.Throws<JsonException>(() => JsonDigest.Whole.Compute(Nested(100_000)));
    }

    [Fact]
    public async Task WhenATokenPassesTheBound_ItIsRefused_AndTheWholeIsNotKept()
    {
        var digest = new JsonDigest(new JsonDigestOptions { MaxTokenBytes = 1000 });
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes('"' + new string('a', 5000)));
        var error = await Assert.ThrowsAsync<JsonException>(async () => await digest.ComputeAsync(pipe.Reader));
        Assert.Contains("MaxTokenBytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhenNumbersAreBombs_TheyAreNotExpanded()
    {
        var long1 = Encoding.UTF8.GetBytes("1" + new string('0', 1_000_000));
        Assert.Equal(Digest("1e1000000"), JsonDigest.Whole.Compute(long1));
        Assert.NotEqual(Digest("1e999999999999999999"), Digest("1e999999999999999998"));
    }

    [Fact]
    public async Task WhenCancelled_TheWaitEnds()
    {
        using var source = new CancellationTokenSource();
        var pipe = new Pipe();
        var digest = JsonDigest.Whole.ComputeAsync(pipe.Reader, source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await digest);
    }

    [Fact]
    public void WhenAFaultCameBefore_TheNextDocumentIsUntouched()
    {
        var expected = Digest("[1]");
        Assert.Throws<JsonException>(() => Digest("""{"a":{"b":[1,{"x":1,"x":2}]}}"""));
        Assert.Equal(expected, Digest("[1]"));
    }

    [Fact]
    public void WhenWarm_ATokenAllocatesNothing()
    {
        var json = Encoding.UTF8.GetBytes(
            """{"hash":"0x5a","n":[1,2.50,-3e7,null,true],"\u0061":"\u00e9","logs":[{"data":"0xAB","topics":["0x1","0x2"]},{}]}""");
        var digest = new JsonDigest(new JsonDigestOptions { IgnoredPaths = ["n"], HexDataPaths = ["logs[].data"], HexQuantityPaths = ["..topics"] });
        Assert.Equal(0, Allocations.Of(() => digest.Compute(json)));
    }

    private static UInt128 Digest(string json) => JsonDigest.Whole.Compute(Encoding.UTF8.GetBytes(json));

    private static byte[] Members(int count) =>
        Encoding.UTF8.GetBytes("{" + string.Join(',', Enumerable.Range(0, count).Select(i => $"\"m{i}\":{i}")) + "}");
}
