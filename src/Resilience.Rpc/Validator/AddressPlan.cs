namespace Resilience.Rpc;

/// <summary>
/// The checks of one address: a block is pinned, and kept as long as what is read of the address, so that all of it is of one state of the
/// chain; then balance, nonce and code at that block.
/// </summary>
internal sealed class AddressPlan(
    RpcReader reader, RpcValidatorOptions options, CallBatcher batches, RpcSubject subject, CancellationToken cancellationToken)
    : ValidationPlan(reader, options, batches, cancellationToken)
{
    private const string NoBlock = "no block is pinned";

    /// <inheritdoc/>
    internal override async ValueTask<RpcVerdict> RunAsync()
    {
        var pin = await Pin(subject.Id).ConfigureAwait(false);
        var pinned = Check("pinned", pin, pin.Exists, pin.Exists ? $"at block {pin.Text("number")}" : NoBlock);
        (string Name, string Method)[] states = [("balance", "eth_getBalance"), ("nonce", "eth_getTransactionCount"), ("code", "eth_getCode")];
        if (pin.Text("hash") is not { } block || pin.Text("number") is not { } number)
        {
            return new RpcVerdict(subject, null, IsFinal: false, [pinned, .. states.Select(state => Skipped(state.Name, pin, NoBlock))]);
        }

        var all = await Task.WhenAll(states.Select(state => AgreesAsync(state.Name, state.Method, block, number))).ConfigureAwait(false);
        return new RpcVerdict(subject, block, await IsFinalAsync(number).ConfigureAwait(false), [pinned, .. all]);
    }

    private async Task<RpcCheck> AgreesAsync(string name, string method, string block, string number)
    {
        var read = await StateAsync(method, subject.Id, block, number).ConfigureAwait(false);
        return read.Exists
            ? new(name, CheckOutcome.Passed, $"the {name} agrees at the block", read.Reasons)
            : new(name, CheckOutcome.Undecided, read.WhyNot(), read.Reasons);
    }
}
