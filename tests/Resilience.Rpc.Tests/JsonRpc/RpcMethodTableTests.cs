using System.Text;

namespace Resilience.Rpc.Tests.JsonRpc;

public sealed class RpcMethodTableTests
{
    [Theory]
    [InlineData("eth_getBlockByHash", """{"hash":"0x1","number":"0x01","size":"0x5","transactions":[{"hash":"0x2","to":"0xAB"}]}""",
        """{"transactions":[{"to":"0xab","hash":"0x2","yParity":"0x0","accessList":[]}],"number":"0x1","hash":"0x1","totalDifficulty":"0x9"}""")]
    [InlineData("eth_getTransactionByHash", """{"hash":"0x1","v":"0x0"}""", """{"v":"0x00","hash":"0x1","chainId":"0x1","yParity":"0x0"}""")]
    [InlineData("eth_getTransactionReceipt", """{"status":"0x1","logs":[{"data":"0xAA","removed":false}]}""", """{"logs":[{"data":"0xaa"}],"status":"0x01"}""")]
    public void WhenClientsDifferInForm_TheirAnswersAreOne(string method, string first, string second)
    {
        var digest = RpcMethodTable.Ethereum[method].Digest;
        Assert.Equal(digest.Compute(Encoding.UTF8.GetBytes(first)), digest.Compute(Encoding.UTF8.GetBytes(second)));
    }

    [Theory]
    [InlineData("eth_getBlockByHash", """{"hash":"0x1"}""", """{"hash":"0x2"}""")]
    [InlineData("eth_getBlockByHash", """{"transactions":[{"hash":"0x1"}]}""", """{"transactions":[{"hash":"0x2"}]}""")]
    [InlineData("eth_getTransactionReceipt", """{"status":"0x1"}""", """{"status":"0x0"}""")]
    [InlineData("eth_getTransactionReceipt", """{"status":"0x0"}""", "{}")]
    [InlineData("eth_getBalance", "\"0x1\"", "\"0x01\"")]
    public void WhenAnswersDiffer_SoDoTheirDigests(string method, string first, string second)
    {
        var digest = RpcMethodTable.Ethereum[method].Digest;
        Assert.NotEqual(digest.Compute(Encoding.UTF8.GetBytes(first)), digest.Compute(Encoding.UTF8.GetBytes(second)));
    }

    [Theory]
    [InlineData("eth_sendRawTransaction")]
    [InlineData("eth_sendTransaction")]
    [InlineData("personal_sign")]
    [InlineData("evm_mine")]
    [InlineData("ETH_CALL")]
    public void WhenAMethodIsNotDeclared_ItIsNotSafe(string method) => Assert.Same(RpcMethod.Unknown, RpcMethodTable.Ethereum[method]);

    [Fact]
    public void WhenAMethodIsAdded_TheTableBeforeIsUntouched()
    {
        var table = RpcMethodTable.Ethereum.With("eth_sendRawTransaction", new RpcMethod { IsSafe = true });
        Assert.True(table["eth_sendRawTransaction"].IsSafe);
        Assert.False(RpcMethodTable.Ethereum["eth_sendRawTransaction"].IsSafe);
        Assert.True(table["eth_call"].IsSafe);
    }
}
