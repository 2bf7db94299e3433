namespace Resilience.Benchmarks;

/// <summary>The same hit through <c>GetOrCreateAsync</c>, with a factory that is not called.</summary>
/// <typeparam name="TKey">The key.</typeparam>
/// <typeparam name="TRow">The row's mark; see <see cref="Input{TRow}"/>.</typeparam>
internal sealed class CacheCreatedHits<TKey, TRow>(TKey[] keys) : CacheHits<TKey, TRow>(keys)
    where TKey : notnull
    where TRow : struct
{
    private readonly TKey[] _keys = keys;

    /// <inheritdoc/>
    public override long Ours(int calls)
    {
        var (sum, at) = (0L, 0);
        for (var i = 0; i < calls; i++)
        {
            at = CacheKeys.Next(at);
            sum += Cache.GetOrCreateAsync(_keys[at], at, static (at, _) => new ValueTask<Reply>(Reply.For(at))).GetAwaiter().GetResult().Value;
        }

        return sum;
    }
}
