using System.Collections.Frozen;

namespace Resilience.Rpc;

/// <summary>The methods that are declared. Immutable and safe for concurrent use; a look-up allocates nothing.</summary>
public sealed class RpcMethodTable
{
    private static readonly JsonDigest s_block = new(new JsonDigestOptions
    {
        IgnoredPaths =
        [
            "size", "totalDifficulty", "author", "sealFields", "transactions[].yParity", "transactions[].chainId", "transactions[].accessList",
            "transactions[].creates", "transactions[].publicKey", "transactions[].raw", "transactions[].condition", "transactions[].standardV",
            "transactions[].blockTimestamp",
        ],
        HexDataPaths = ["miner", "extraData", "transactions[].from", "transactions[].to", "transactions[].input"],
        HexQuantityPaths =
        [
            "number", "timestamp", "gasLimit", "gasUsed", "difficulty", "baseFeePerGas", "transactions[].value", "transactions[].gas",
            "transactions[].gasPrice", "transactions[].nonce", "transactions[].v", "transactions[].r", "transactions[].s",
        ],
    });

    private static readonly JsonDigest s_transaction = new(new JsonDigestOptions
    {
        IgnoredPaths = ["yParity", "chainId", "accessList", "creates", "publicKey", "raw", "condition", "standardV", "blockTimestamp"],
        HexDataPaths = ["from", "to", "input"],
        HexQuantityPaths = ["value", "gas", "gasPrice", "nonce", "v", "r", "s", "blockNumber", "transactionIndex"],
    });

    private static readonly JsonDigest s_receipt = new(new JsonDigestOptions
    {
        IgnoredPaths = ["root", "author", "logs[].blockTimestamp", "logs[].removed", "logs[].logType", "logs[].transactionLogIndex"],
        HexDataPaths = ["from", "to", "contractAddress", "logsBloom", "logs[].address", "logs[].data"],
        HexQuantityPaths =
        [
            "status", "gasUsed", "cumulativeGasUsed", "effectiveGasPrice", "blockNumber", "transactionIndex", "logs[].logIndex", "logs[].blockNumber",
            "logs[].transactionIndex",
        ],
    });

    private static readonly RpcMethod s_found = new() { IsSafe = true, NullVotes = true };
    private static readonly RpcMethod s_state = new() { IsSafe = true, DependsOnHead = true };
    private readonly FrozenDictionary<string, RpcMethod> _methods;

    private RpcMethodTable(IEnumerable<KeyValuePair<string, RpcMethod>> methods) => _methods = methods.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>
    /// The reading methods of Ethereum nodes, each with what their clients differ in left out: what is left out is either committed to by a hash that
    /// is compared, or of the node and not of the chain. <c>eth_sendRawTransaction</c> is not among them: say so yourself if it may go to several.
    /// </summary>
    public static RpcMethodTable Ethereum { get; } = new(new Dictionary<string, RpcMethod>
    {
        ["eth_getBlockByHash"] = s_found with { Digest = s_block },
        ["eth_getBlockByNumber"] = s_found with { Digest = s_block, DependsOnHead = true },
        ["eth_getTransactionByHash"] = s_found with { Digest = s_transaction },
        ["eth_getTransactionReceipt"] = s_found with { Digest = s_receipt },
        ["eth_getBlockReceipts"] = s_found,
        ["eth_getLogs"] = s_state,
        ["eth_call"] = s_state,
        ["eth_estimateGas"] = s_state,
        ["eth_getBalance"] = s_state,
        ["eth_getCode"] = s_state,
        ["eth_getStorageAt"] = s_state,
        ["eth_getTransactionCount"] = s_state,
        ["eth_getProof"] = s_state,
        ["eth_feeHistory"] = s_state,
        ["eth_blockNumber"] = s_state,
        ["eth_gasPrice"] = s_state,
        ["eth_maxPriorityFeePerGas"] = s_state,
        ["eth_chainId"] = s_found,
        ["eth_syncing"] = s_state,
        ["net_version"] = s_found,
        ["web3_clientVersion"] = s_state,
        ["web3_sha3"] = s_found,
    });

    /// <summary>What is declared of a method.</summary>
    /// <param name="method">Its name, in its own case.</param>
    /// <returns><see cref="RpcMethod.Unknown"/> if nothing is.</returns>
    public RpcMethod this[string method] => _methods.GetValueOrDefault(method, RpcMethod.Unknown);

    /// <summary>The table with one more method, or another declaration of one that it has.</summary>
    /// <param name="method">Its name.</param>
    /// <param name="declared">What is declared.</param>
    public RpcMethodTable With(string method, RpcMethod declared)
    {
        ArgumentException.ThrowIfNullOrEmpty(method);
        ArgumentNullException.ThrowIfNull(declared);
        return new RpcMethodTable(new Dictionary<string, RpcMethod>(_methods) { [method] = declared });
    }
}
