using System.Text.Json;

namespace Resilience.Rpc;

/// <summary>
/// The checks of one transaction. Each starts as soon as what it depends on is read: the transaction, and its receipt at once; then, pinned
/// to the block in which it says it is, that block by hash and by number, those that confirm it, and the addresses.
/// </summary>
internal sealed class TransactionPlan(RpcReader reader, RpcValidatorOptions options, string hash, CancellationToken cancellationToken)
{
    private static readonly string[] s_addresses = ["from", "to"];

    internal async ValueTask<RpcVerdict> RunAsync()
    {
        var transaction = Read(static _ => RpcKind.Transaction, "eth_getTransactionByHash", hash);
        var receipt = Read(static _ => RpcKind.Transaction, "eth_getTransactionReceipt", hash);
        var block = BlockAsync(transaction);
        Task<RpcCheck>[] checks =
        [
            ExistsAsync(transaction), IncludedAsync(transaction), ReceiptAsync(transaction, receipt), CanonicalAsync(transaction),
            ContainsAsync(block), ConfirmedAsync(transaction), AddressesAsync(transaction),
        ];
        var all = await Task.WhenAll(checks).ConfigureAwait(false);
        return new RpcVerdict(hash, (await transaction.ConfigureAwait(false)).Text("blockHash"), all);
    }

    private static RpcCheck Skipped(string name, RpcReading reading) =>
        new(name, CheckOutcome.Skipped, reading.IsDecided ? "the transaction is in no block" : reading.WhyNot(), []);

    private static RpcCheck Check(string name, RpcReading reading, bool holds, string reason) =>
        !reading.IsDecided ? new(name, CheckOutcome.Undecided, reading.WhyNot(), reading.Reasons)
        : new(name, holds ? CheckOutcome.Passed : CheckOutcome.Failed, reason, reading.Reasons);

    private static bool Same(string? left, string? right) => left is not null && string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static async Task<RpcCheck> ExistsAsync(Task<RpcReading> transaction)
    {
        var read = await transaction.ConfigureAwait(false);
        return Check("exists", read, read.Exists, read.Exists ? "known to the majority" : "unknown to the majority");
    }

    private static async Task<RpcCheck> IncludedAsync(Task<RpcReading> transaction)
    {
        var read = await transaction.ConfigureAwait(false);
        var block = read.Text("blockHash");
        return Check("included", read, block is not null, block is null ? "in no block" : $"in block {read.Text("blockNumber")}");
    }

    private static async Task<RpcCheck> ReceiptAsync(Task<RpcReading> transaction, Task<RpcReading> receipt)
    {
        var (asked, got) = (await transaction.ConfigureAwait(false), await receipt.ConfigureAwait(false));
        if (asked.Text("blockHash") is not { } block)
        {
            return Skipped("receipt", asked);
        }

        var agrees = Same(got.Text("blockHash"), block) && Same(got.Text("transactionIndex"), asked.Text("transactionIndex"));
        var succeeded = got.Text("status") is null or "0x1";
        return Check(
            "receipt", got, agrees && succeeded,
            !agrees ? "the receipt names another place" : succeeded ? "the receipt names the same place" : "the transaction was reverted");
    }

    private Task<RpcReading> Read(Func<RpcReading, string> kindOf, string method, params ReadOnlySpan<string> parameters) =>
        reader.ReadAsync(JsonRpcRequest.Of(method, parameters), kindOf, cancellationToken).AsTask();

    private Task<RpcReading> Block(Func<RpcReading, string> kindOf, string method, string block) => reader.ReadAsync(
        JsonRpcRequest.Write(method, block, static (writer, block) =>
        {
            writer.WriteStartArray();
            writer.WriteStringValue(block);
            writer.WriteBooleanValue(false);
            writer.WriteEndArray();
        }),
        kindOf,
        cancellationToken).AsTask();

    private async Task<(RpcReading Transaction, RpcReading? Block)> BlockAsync(Task<RpcReading> transaction)
    {
        var read = await transaction.ConfigureAwait(false);
        return read.Text("blockHash") is { } block
            ? (read, await Block(static _ => RpcKind.Block, "eth_getBlockByHash", block).ConfigureAwait(false))
            : (read, null);
    }

    private async Task<RpcCheck> ContainsAsync(Task<(RpcReading Transaction, RpcReading? Block)> both)
    {
        var (transaction, block) = await both.ConfigureAwait(false);
        if (block is null)
        {
            return Skipped("contained", transaction);
        }

        var contained = block.Exists && block.Value.TryGetProperty("transactions", out var list) && list.ValueKind == JsonValueKind.Array
            && list.EnumerateArray().Any(entry => entry.ValueKind == JsonValueKind.String && Same(entry.GetString(), hash));
        return Check("contained", block, contained, contained ? "the block lists it" : "the block does not list it");
    }

    // By number a block may change until it is final.
    private async Task<RpcCheck> CanonicalAsync(Task<RpcReading> transaction)
    {
        var read = await transaction.ConfigureAwait(false);
        if (read.Text("blockNumber") is not { } number)
        {
            return Skipped("canonical", read);
        }

        var isFinal = (await ConfirmingAsync(number, options.FinalAfter).ConfigureAwait(false)).Exists;
        var block = await Block(isFinal ? static _ => RpcKind.Block : static _ => RpcKind.Head, "eth_getBlockByNumber", number).ConfigureAwait(false);
        var same = Same(block.Text("hash"), read.Text("blockHash"));
        return Check("canonical", block, same, same ? "its block is the one of that number" : "another block has that number");
    }

    // Not by the head of the chain, which one liar could raise: the endpoints vote on the block that makes the confirmations enough.
    private async Task<RpcCheck> ConfirmedAsync(Task<RpcReading> transaction)
    {
        var read = await transaction.ConfigureAwait(false);
        if (read.Text("blockNumber") is not { } number)
        {
            return Skipped("confirmed", read);
        }

        var last = await ConfirmingAsync(number, options.Confirmations).ConfigureAwait(false);
        return Check(
            "confirmed", last, last.Exists, $"{(last.Exists ? "at least" : "fewer than")} {options.Confirmations} confirmations");
    }

    // The block that is there when the block of that number has so many confirmations.
    private Task<RpcReading> ConfirmingAsync(string number, long confirmations) =>
        UInt256.TryParseHex(number, out var block) && block.Upper == UInt128.Zero && block.Lower <= long.MaxValue
            ? Block(static _ => RpcKind.Head, "eth_getBlockByNumber", $"0x{(ulong)block.Lower + (ulong)confirmations - 1:x}")
            : Task.FromResult(new RpcReading("eth_getBlockByNumber", FanOutStatus.Failed, FaultClass.Protocol, default, []));

    private async Task<RpcCheck> AddressesAsync(Task<RpcReading> transaction)
    {
        var read = await transaction.ConfigureAwait(false);
        if (read.Text("blockHash") is not { } block || read.Text("blockNumber") is not { } number)
        {
            return Skipped("addresses", read);
        }

        var balances = await Task.WhenAll(
            s_addresses.Select(read.Text).OfType<string>().Select(address => BalanceAsync(address, block, number))).ConfigureAwait(false);
        var missing = Array.Find(balances, static balance => !balance.Exists);
        return missing is null
            ? new("addresses", CheckOutcome.Passed, $"balances of {balances.Length} addresses agree at the block", [.. balances.SelectMany(static b => b.Reasons)])
            : new("addresses", CheckOutcome.Undecided, missing.WhyNot(), missing.Reasons);
    }

    // By hash where the endpoints take one (EIP-1898), so that a reorganisation cannot come between; else by number.
    private async Task<RpcReading> BalanceAsync(string address, string block, string number)
    {
        var pinned = await reader.ReadAsync(
            JsonRpcRequest.Write("eth_getBalance", (address, block), static (writer, state) =>
            {
                writer.WriteStartArray();
                writer.WriteStringValue(state.address);
                writer.WriteStartObject();
                writer.WriteString("blockHash", state.block);
                writer.WriteEndObject();
                writer.WriteEndArray();
            }),
            static _ => RpcKind.Address,
            cancellationToken).ConfigureAwait(false);
        return pinned.Exists ? pinned : await Read(static _ => RpcKind.Head, "eth_getBalance", address, number).ConfigureAwait(false);
    }
}
