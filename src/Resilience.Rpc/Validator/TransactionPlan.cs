using System.Text.Json;

namespace Resilience.Rpc;

/// <summary>
/// The checks of one transaction: the transaction, and its receipt at once; then, pinned to the block in which it says it is, that block by
/// hash and by number, those that confirm it, and the addresses.
/// </summary>
internal sealed class TransactionPlan(
    RpcReader reader, RpcValidatorOptions options, CallBatcher batches, RpcSubject subject, CancellationToken cancellationToken)
    : ValidationPlan(reader, options, batches, cancellationToken)
{
    private const string InNoBlock = "the transaction is in no block";
    private static readonly string[] s_addresses = ["from", "to"];

    /// <inheritdoc/>
    internal override async ValueTask<RpcVerdict> RunAsync()
    {
        var transaction = Read(RpcKind.Transaction, "eth_getTransactionByHash", subject.Id);
        var receipt = Read(RpcKind.Transaction, "eth_getTransactionReceipt", subject.Id);
        Task<RpcCheck>[] checks =
        [
            ExistsAsync(transaction), IncludedAsync(transaction), ReceiptAsync(transaction, receipt), CanonicalAsync(transaction),
            ContainsAsync(transaction), ConfirmedAsync(transaction), AddressesAsync(transaction),
        ];
        var all = await Task.WhenAll(checks).ConfigureAwait(false);
        var read = await transaction.ConfigureAwait(false);
        return new RpcVerdict(subject, read.Text("blockHash"), await IsFinalAsync(read.Text("blockNumber")).ConfigureAwait(false), all);
    }

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
            return Skipped("receipt", asked, InNoBlock);
        }

        var agrees = Same(got.Text("blockHash"), block) && Same(got.Text("transactionIndex"), asked.Text("transactionIndex"));
        var succeeded = got.Text("status") is null or "0x1";
        return Check(
            "receipt", got, agrees && succeeded,
            !agrees ? "the receipt names another place" : succeeded ? "the receipt names the same place" : "the transaction was reverted");
    }

    private async Task<RpcCheck> ContainsAsync(Task<RpcReading> transaction)
    {
        var read = await transaction.ConfigureAwait(false);
        if (read.Text("blockHash") is not { } hash)
        {
            return Skipped("contained", read, InNoBlock);
        }

        var block = await Block(RpcKind.Block, "eth_getBlockByHash", hash).ConfigureAwait(false);
        var contained = block.Exists && block.Value.TryGetProperty("transactions", out var list) && list.ValueKind == JsonValueKind.Array
            && list.EnumerateArray().Any(entry => entry.ValueKind == JsonValueKind.String && Same(entry.GetString(), subject.Id));
        return Check("contained", block, contained, contained ? "the block lists it" : "the block does not list it");
    }

    private async Task<RpcCheck> CanonicalAsync(Task<RpcReading> transaction)
    {
        var read = await transaction.ConfigureAwait(false);
        if (read.Text("blockNumber") is not { } number)
        {
            return Skipped("canonical", read, InNoBlock);
        }

        var block = await BlockOfAsync(number).ConfigureAwait(false);
        var same = Same(block.Text("hash"), read.Text("blockHash"));
        return Check("canonical", block, same, same ? "its block is the one of that number" : "another block has that number");
    }

    private async Task<RpcCheck> ConfirmedAsync(Task<RpcReading> transaction)
    {
        var read = await transaction.ConfigureAwait(false);
        return read.Text("blockNumber") is { } number
            ? await ConfirmedAsync(number).ConfigureAwait(false)
            : Skipped("confirmed", read, InNoBlock);
    }

    private async Task<RpcCheck> AddressesAsync(Task<RpcReading> transaction)
    {
        var read = await transaction.ConfigureAwait(false);
        if (read.Text("blockHash") is not { } block || read.Text("blockNumber") is not { } number)
        {
            return Skipped("addresses", read, InNoBlock);
        }

        var balances = await Task.WhenAll(
            s_addresses.Select(read.Text).OfType<string>().Select(address => StateAsync("eth_getBalance", address, block, number))).ConfigureAwait(false);
        var missing = Array.Find(balances, static balance => !balance.Exists);
        return missing is null
            ? new("addresses", CheckOutcome.Passed, $"balances of {balances.Length} addresses agree at the block", [.. balances.SelectMany(static b => b.Reasons)])
            : new("addresses", CheckOutcome.Undecided, missing.WhyNot(), missing.Reasons);
    }
}
