namespace Resilience.Rpc;

/// <summary>
/// The checks of one block: it is read by what names it, its hash or its number; then by the other of the two, with the block of the number
/// before, and those that confirm it.
/// </summary>
internal sealed class BlockPlan(
    RpcReader reader, RpcValidatorOptions options, CallBatcher batches, RpcSubject subject, CancellationToken cancellationToken)
    : ValidationPlan(reader, options, batches, cancellationToken)
{
    private const string Unknown = "the block is not known";

    /// <inheritdoc/>
    internal override async ValueTask<RpcVerdict> RunAsync()
    {
        var isByHash = subject.Kind == SubjectKind.BlockOfHash;
        var read = await (isByHash ? Block(RpcKind.Block, "eth_getBlockByHash", subject.Id) : BlockOfAsync(subject.Id)).ConfigureAwait(false);
        var exists = Check("exists", read, read.Exists, read.Exists ? "known to the majority" : "unknown to the majority");
        if (read.Text("hash") is not { } hash || read.Text("number") is not { } number)
        {
            RpcCheck[] rest = [exists, .. ((string[])["canonical", "linked", "confirmed"]).Select(name => Skipped(name, read, Unknown))];
            return new RpcVerdict(subject, null, IsFinal: false, rest);
        }

        var all = await Task.WhenAll(CanonicalAsync(isByHash, hash, number), LinkedAsync(read, number), ConfirmedAsync(number)).ConfigureAwait(false);
        return new RpcVerdict(subject, hash, await IsFinalAsync(number).ConfigureAwait(false), [exists, .. all]);
    }

    private async Task<RpcCheck> CanonicalAsync(bool isByHash, string hash, string number)
    {
        var other = await (isByHash ? BlockOfAsync(number) : Block(RpcKind.Block, "eth_getBlockByHash", hash)).ConfigureAwait(false);
        var same = Same(other.Text("hash"), hash) && Same(other.Text("number"), number);
        return Check("canonical", other, same, same ? "its hash and its number name one block" : "another block has that number");
    }

    private async Task<RpcCheck> LinkedAsync(RpcReading block, string number)
    {
        if (RpcReader.NumberOf(number) is not { } place || place == 0)
        {
            return Check("linked", block, RpcReader.NumberOf(number) == 0, "it is the first block");
        }

        var before = await BlockOfAsync($"0x{place - 1:x}").ConfigureAwait(false);
        var linked = Same(before.Text("hash"), block.Text("parentHash"));
        return Check("linked", before, linked, linked ? "its parent is the block before it" : "its parent is not the block before it");
    }
}
