using System.Globalization;
using System.Text.Json.Nodes;

namespace Resilience.Arena;

/// <summary>A chain in which transaction k stands alone in block k, so that every honest node answers alike without keeping anything.</summary>
internal static class DemoChain
{
    public static string Transaction(int number) => $"0xaa{number:x62}";

    /// <summary>The result of a method.</summary>
    /// <param name="method">The method.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="lie">Zero for the truth; otherwise a number that makes the answer another.</param>
    public static JsonNode? Answer(string method, JsonArray parameters, int lie)
    {
        var first = parameters.Count > 0 ? parameters[0] : null;
        return method switch
        {
            "eth_getTransactionByHash" => Details(Number(first), lie),
            "eth_getTransactionReceipt" => Place(Number(first), lie),
            "eth_getBlockByHash" or "eth_getBlockByNumber" => Block(Number(first), lie),
            "eth_getBalance" => $"0x{1_000 + lie:x}",
            _ => null,
        };
    }

    private static string BlockHash(long number) => $"0xbb{number:x62}";

    // Hashes and block numbers alike end in the number.
    private static long Number(JsonNode? text) =>
        long.Parse(text!.GetValue<string>().AsSpan()[2..] is { Length: > 8 } hash ? hash[^8..] : text.GetValue<string>().AsSpan()[2..],
            NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static JsonObject Place(long number, int lie) => new()
    {
        ["transactionHash"] = Transaction((int)number),
        ["blockHash"] = BlockHash(number + lie),
        ["blockNumber"] = $"0x{number:x}",
        ["transactionIndex"] = "0x0",
        ["status"] = "0x1",
    };

    private static JsonObject Details(long number, int lie) => new()
    {
        ["hash"] = Transaction((int)number),
        ["blockHash"] = BlockHash(number),
        ["blockNumber"] = $"0x{number:x}",
        ["transactionIndex"] = "0x0",
        ["from"] = $"0xf0{number:x38}",
        ["to"] = $"0x70{number:x38}",
        ["value"] = $"0x{number + lie:x}",
    };

    private static JsonObject Block(long number, int lie) => new()
    {
        ["hash"] = BlockHash(number + lie),
        ["number"] = $"0x{number:x}",
        ["transactions"] = new JsonArray(Transaction((int)number)),
    };
}
