namespace Resilience.Caching;

/// <summary>How one caller would have many payloads made.</summary>
internal readonly record struct PayloadsFactory<TState>(
    TState State, Func<IReadOnlyList<string>, TState, CancellationToken, ValueTask<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>>> Make, bool Compress)
{
    internal async ValueTask<IReadOnlyDictionary<string, Payload>> CallAsync(IReadOnlyList<string> keys, CancellationToken token)
    {
        var made = await Make(keys, State, token).ConfigureAwait(false)
            ?? throw new InvalidOperationException("The factory for many keys returned null.");
        var payloads = new Dictionary<string, Payload>(keys.Count);
        foreach (var key in keys)
        {
            if (made.TryGetValue(key, out var bytes))
            {
                payloads.Add(key, Payload.Raw(bytes.ToArray(), Compress));
            }
        }

        return payloads;
    }
}
