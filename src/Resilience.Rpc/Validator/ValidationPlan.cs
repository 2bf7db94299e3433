namespace Resilience.Rpc;

/// <summary>The checks of one subject. Each starts as soon as what it depends on is read, beside all the others.</summary>
/// <param name="reader">Reads, and keeps what was read.</param>
/// <param name="options">How much must confirm a block, and when it is final.</param>
/// <param name="batches">How calls are put together.</param>
/// <param name="cancellationToken">Ends the validation.</param>
internal abstract class ValidationPlan(RpcReader reader, RpcValidatorOptions options, CallBatcher batches, CancellationToken cancellationToken)
{
    protected RpcValidatorOptions Options => options;

    internal abstract ValueTask<RpcVerdict> RunAsync();

    protected static RpcCheck Skipped(string name, RpcReading reading, string reason) =>
        new(name, CheckOutcome.Skipped, reading.IsDecided ? reason : reading.WhyNot(), []);

    protected static RpcCheck Check(string name, RpcReading reading, bool holds, string reason) =>
        !reading.IsDecided ? new(name, CheckOutcome.Undecided, reading.WhyNot(), reading.Reasons)
        : new(name, holds ? CheckOutcome.Passed : CheckOutcome.Failed, reason, reading.Reasons);

    protected static bool Same(string? left, string? right) => left is not null && string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    protected Task<RpcReading> Read(string kind, string method, params ReadOnlySpan<string> parameters) =>
        reader.ReadAsync(JsonRpcRequest.Of(method, parameters), kind, batches, cancellationToken).AsTask();

    protected Task<RpcReading> Block(string kind, string method, string block) =>
        reader.ReadAsync(RpcReader.Block(method, block), kind, batches, cancellationToken).AsTask();

    protected Task<RpcReading> Pin(string address) => reader.PinAsync(address, batches, cancellationToken).AsTask();

    // By number a block may change until it is final.
    protected async Task<RpcReading> BlockOfAsync(string number) =>
        await Block(await IsFinalAsync(number).ConfigureAwait(false) ? RpcKind.Block : RpcKind.Head, "eth_getBlockByNumber", number).ConfigureAwait(false);

    protected async Task<bool> IsFinalAsync(string? number) =>
        number is not null && (await ConfirmingAsync(number, options.FinalAfter).ConfigureAwait(false)).Exists;

    // Not by the head of the chain, which one liar could raise: the endpoints vote on the block that makes the confirmations enough.
    protected async Task<RpcCheck> ConfirmedAsync(string number)
    {
        var last = await ConfirmingAsync(number, options.Confirmations).ConfigureAwait(false);
        return Check("confirmed", last, last.Exists, $"{(last.Exists ? "at least" : "fewer than")} {options.Confirmations} confirmations");
    }

    // By hash where the endpoints take one (EIP-1898), so that a reorganisation cannot come between; else by number.
    protected async Task<RpcReading> StateAsync(string method, string address, string block, string number)
    {
        var pinned = await reader.ReadAsync(
            JsonRpcRequest.Write(method, (address, block), static (writer, state) =>
            {
                writer.WriteStartArray();
                writer.WriteStringValue(state.address);
                writer.WriteStartObject();
                writer.WriteString("blockHash", state.block);
                writer.WriteEndObject();
                writer.WriteEndArray();
            }),
            RpcKind.Address,
            batches,
            cancellationToken).ConfigureAwait(false);
        return pinned.Exists ? pinned : await Read(RpcKind.Head, method, address, number).ConfigureAwait(false);
    }

    // The block that is there when the block of that number has so many confirmations.
    private Task<RpcReading> ConfirmingAsync(string number, long confirmations) =>
        RpcReader.NumberOf(number) is { } block
            ? Block(RpcKind.Head, "eth_getBlockByNumber", $"0x{(ulong)block + (ulong)confirmations - 1:x}")
            : Task.FromResult(new RpcReading("eth_getBlockByNumber", FanOutStatus.Failed, FaultClass.Protocol, default, []));
}
