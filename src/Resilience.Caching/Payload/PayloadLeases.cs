using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Resilience.Caching;

/// <summary>Payloads by key, each under a lease; see <see cref="PayloadLease"/>. Dispose it when the bytes are no longer used.</summary>
/// <remarks>Not safe for concurrent use; the bytes must not be changed.</remarks>
public sealed class PayloadLeases : IReadOnlyDictionary<string, ReadOnlyMemory<byte>>, IDisposable
{
    private readonly Dictionary<string, PayloadLease> _leases = new(StringComparer.Ordinal);

    internal PayloadLeases()
    {
    }

    /// <summary>How many there are.</summary>
    public int Count => _leases.Count;

    /// <summary>The keys that have a payload.</summary>
    public IEnumerable<string> Keys => _leases.Keys;

    /// <summary>The payloads.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Values => _leases.Values.Select(static lease => lease.Memory);

    /// <summary>The payload of a key.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="KeyNotFoundException">It has none.</exception>
    public ReadOnlyMemory<byte> this[string key] => _leases[key].Memory;

    /// <summary>Whether a key has a payload.</summary>
    /// <param name="key">The key.</param>
    public bool ContainsKey(string key) => _leases.ContainsKey(key);

    /// <summary>The payload of a key, if it has one.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The payload.</param>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out ReadOnlyMemory<byte> value)
    {
        var isThere = _leases.TryGetValue(key, out var lease);
        value = isThere ? lease.Memory : default;
        return isThere;
    }

    /// <summary>The payloads with their keys.</summary>
    public IEnumerator<KeyValuePair<string, ReadOnlyMemory<byte>>> GetEnumerator() =>
        _leases.Select(static pair => KeyValuePair.Create(pair.Key, pair.Value.Memory)).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Lets go of all of them; there are none then.</summary>
    public void Dispose()
    {
        foreach (var lease in _leases.Values)
        {
            lease.Dispose();
        }

        _leases.Clear();
    }

    internal void Add(string key, PayloadLease lease) => _leases.Add(key, lease);
}
