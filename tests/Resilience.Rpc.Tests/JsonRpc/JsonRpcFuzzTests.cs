using System.Text;
using Resilience.Fuzz;
using Resilience.Fuzz.Targets;

namespace Resilience.Rpc.Tests.JsonRpc;

/// <summary>Answers cut and damaged everywhere, beside a model that reads them as a document. Each case is one input of the fuzz target.</summary>
public sealed class JsonRpcFuzzTests
{
    private const string Single = """{"jsonrpc":"2.0","id":1,"result":{"a":[1,2.5e3,null,true],"é":"\u00e9\ud83d\ude00","b":{}}}""";
    private const string Error = """{"id":1,"error":{"code":-32000,"message":"execution reverted","data":{"data":"0x08c379a0"}},"jsonrpc":"2.0"}""";
    private const string Batch = """[{"jsonrpc":"2.0","id":2,"result":"x"},{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}}]""";

    [Theory]
    [InlineData(Single)]
    [InlineData(Error)]
    [InlineData(Batch)]
    public void CutAtEveryByte_ItIsWhatTheModelSays(string text)
    {
        var bytes = Input(text);
        for (var length = 0; length <= bytes.Length; length++)
        {
            RpcReplyTarget.Run(bytes.AsSpan(0, length));
        }
    }

    [Theory]
    [InlineData(Single)]
    [InlineData(Error)]
    [InlineData(Batch)]
    public void WithAnyOneBitFlipped_ItIsWhatTheModelSays(string text)
    {
        for (var seed = 0; seed < 8; seed++)
        {
            var bytes = Input(text, (byte)seed);
            for (var bit = 16; bit < bytes.Length * 8; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                RpcReplyTarget.Run(bytes);
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void UnderMutation_ItIsWhatTheModelSays(int seed)
    {
        var target = RpcReplyTarget.Create();
        var campaign = new Campaign(target, seed);
        var crash = campaign.Run(target.Seeds, TimeSpan.MaxValue, 20_000);
        Assert.True(crash is null, $"{crash?.Error.Message} for {Convert.ToHexStringLower(crash?.Input ?? [])}");
        Assert.Equal(20_000, campaign.Executions);
    }

    [Theory]
    [InlineData("""[{"":"","error":1e9000000000000000000}]""")]
    [InlineData("""{"error":"\ud800"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":5}""")]
    public void WhenAScalarStandsInTheErrorsPlace_ItIsWhatTheModelSays(string text) => RpcReplyTarget.Run(Input(text));

    private static byte[] Input(string text, byte seed = 3) => [(byte)(text[0] == '[' ? 1 : 0), seed, .. Encoding.UTF8.GetBytes(text)];
}
