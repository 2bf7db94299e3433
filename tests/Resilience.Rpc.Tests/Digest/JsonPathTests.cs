using System.Text;

namespace Resilience.Rpc.Tests.Digest;

public sealed class JsonPathTests
{
    [Theory]
    [InlineData("b", """{"a":1,"b":2}""", """{"a":1}""")]
    [InlineData("b", """{"a":1,"b":{"c":[1]}}""", """{"a":1,"b":null}""")]
    [InlineData("a.b", """{"a":{"b":1,"c":2}}""", """{"a":{"c":2}}""")]
    [InlineData("a[].b", """{"a":[{"b":1,"c":2},{"b":3}]}""", """{"a":[{"c":2},{}]}""")]
    [InlineData("a[][].b", """{"a":[[{"b":1}]]}""", """{"a":[[{}]]}""")]
    [InlineData("[].b", """[{"b":1},{"b":2}]""", """[{},{}]""")]
    [InlineData("a[]", """{"a":[1,2,3]}""", """{"a":[]}""")]
    [InlineData("*.b", """{"a":{"b":1},"c":{"b":2}}""", """{"a":{},"c":{}}""")]
    [InlineData("..b", """{"a":[{"b":1,"c":{"b":[2]}}],"b":3}""", """{"a":[{"c":{}}]}""")]
    [InlineData("é", """{"\u00e9":1}""", "{}")]
    public void WhenIgnored_ItDoesNotCount(string path, string first, string second) =>
        Assert.Equal(Digests(new JsonDigestOptions { IgnoredPaths = [path] }, first), Digests(new JsonDigestOptions { IgnoredPaths = [path] }, second));

    [Theory]
    [InlineData("b", """{"a":{"b":1}}""", """{"a":{}}""")]
    [InlineData("a.b", """{"b":1}""", "{}")]
    [InlineData("a.b", """{"a":[{"b":1}]}""", """{"a":[{}]}""")]
    [InlineData("a[]", """{"a":{"b":1}}""", """{"a":{}}""")]
    [InlineData("*", """[1]""", """[]""")]
    public void WhenThePathLeadsElsewhere_ItCounts(string path, string first, string second) =>
        Assert.NotEqual(Digests(new JsonDigestOptions { IgnoredPaths = [path] }, first), Digests(new JsonDigestOptions { IgnoredPaths = [path] }, second));

    [Theory]
    [InlineData("""{"hash":"0x1","logs":[{"data":"0x2","at":1}],"size":5}""", """{"hash":"0x1","logs":[{"data":"0x2","at":2}],"more":{}}""", true)]
    [InlineData("""{"hash":"0x1","logs":[{"data":"0x2"}]}""", """{"hash":"0x1","logs":[{"data":"0x3"}]}""", false)]
    [InlineData("""{"hash":"0x1","logs":[{"data":"0x2"}]}""", """{"hash":"0x1","logs":[{"data":"0x2"},{}]}""", false)]
    [InlineData("""{"hash":"0x1"}""", """{}""", false)]
    [InlineData("""{"hash":{"x":[1]}}""", """{"hash":{"x":[2]}}""", false)]
    [InlineData("""{"logs":[]}""", """{"logs":null}""", false)]
    public void WhenProjected_OnlyThatCounts(string first, string second, bool isSame)
    {
        var options = new JsonDigestOptions { ProjectedPaths = ["hash", "logs[].data"] };
        Assert.Equal(isSame, Digests(options, first) == Digests(options, second));
    }

    [Fact]
    public void WhenProjectedAndIgnored_TheIgnoredDoesNotCount()
    {
        var options = new JsonDigestOptions { ProjectedPaths = ["tx"], IgnoredPaths = ["tx.v"] };
        Assert.Equal(Digests(options, """{"tx":{"v":1,"r":2}}"""), Digests(options, """{"tx":{"r":2},"x":0}"""));
    }

    [Theory]
    [InlineData("\"0x0A\"", "\"0xa\"", true, true)]
    [InlineData("\"0x000\"", "\"0x0\"", true, true)]
    [InlineData("\"0X1F\"", "\"0x1f\"", true, true)]
    [InlineData("\"0x\"", "\"0x0\"", true, false)]
    [InlineData("\"0x0g\"", "\"0xg\"", true, false)]
    [InlineData("\"0x0A\"", "\"0x0a\"", false, true)]
    [InlineData("\"0x0A\"", "\"0xA\"", false, false)]
    [InlineData("\"0x\"", "\"0X\"", false, true)]
    [InlineData("\"latest\"", "\"LATEST\"", false, false)]
    [InlineData("10", "\"0xa\"", true, false)]
    public void WhenHexIsDeclared_ItsFormIsOne(string first, string second, bool isQuantity, bool isSame)
    {
        var options = isQuantity ? new JsonDigestOptions { HexQuantityPaths = ["v"] } : new JsonDigestOptions { HexDataPaths = ["v"] };
        Assert.Equal(isSame, Digests(options, $"{{\"v\":{first}}}") == Digests(options, $"{{\"v\":{second}}}"));
        Assert.NotEqual(Digests(options, $"{{\"w\":{first}}}"), Digests(options, $"{{\"w\":{second}}}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("a.")]
    [InlineData("a[0]")]
    [InlineData("a*")]
    [InlineData("a.[]")]
    [InlineData("..a.b")]
    [InlineData("..*")]
    [InlineData("..")]
    [InlineData(null)]
    public void WhenAPathCannotBeRead_TheMessageNamesIt(string? path)
    {
        var error = Assert.Throws<ArgumentException>(() => new JsonDigest(new JsonDigestOptions { IgnoredPaths = [path!] }));
        Assert.Contains($"IgnoredPaths holds '{path}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhenAProjectedPathIsAtAnyDepth_ItIsRefused() =>
        Assert.Throws<ArgumentException>(() => new JsonDigest(new JsonDigestOptions { ProjectedPaths = ["..a"] }));

    [Fact]
    public void WhenThereAreTooManyPaths_TheMessageCountsThem()
    {
        var error = Assert.Throws<ArgumentException>(() => new JsonDigest(new JsonDigestOptions { IgnoredPaths = [.. Enumerable.Repeat("a", 65)] }));
        Assert.Contains("65", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 100, 100, "MaxDepth is 0")]
    [InlineData(1001, 100, 100, "MaxDepth is 1001")]
    [InlineData(64, 63, 100, "MaxTokenBytes is 63")]
    [InlineData(64, int.MaxValue, 100, "MaxTokenBytes is 2147483647")]
    [InlineData(64, 100, -1, "MaxOpenMembers is -1")]
    public void WhenAnOptionIsOutOfRange_TheMessageNamesIt(int depth, int token, int members, string message)
    {
        var options = new JsonDigestOptions { MaxDepth = depth, MaxTokenBytes = token, MaxOpenMembers = members };
        Assert.Contains(message, Assert.Throws<ArgumentOutOfRangeException>(() => new JsonDigest(options)).Message, StringComparison.Ordinal);
    }

    private static UInt128 Digests(JsonDigestOptions options, string json) => new JsonDigest(options).Compute(Encoding.UTF8.GetBytes(json));
}
