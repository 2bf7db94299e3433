using Resilience.Rpc;

namespace Resilience.Benchmarks;

internal static class RpcRows
{
    // A hundredth of what the document holds.
    private const double Share = 0.01;

    public static IReadOnlyList<Row> All { get; } =
    [
        new DocumentRow("jsonrpc.scan.10MB", static () => new RpcReplies(digest: null, allowsDuplicates: true))
        {
            Target = Target.TimesFaster(1.3),
            BytesShare = Share,
            Note = "the result is found, not kept; bytes are the most held at once",
        },
        new DocumentRow("jsonrpc.digest.10MB", static () => new RpcReplies(JsonDigest.Whole, allowsDuplicates: false))
        {
            Target = Target.TimesFaster(0.9),
            BytesShare = Share,
            Note = "digest and duplicate check against a duplicate check; bytes are the most held at once",
        },
    ];
}
