namespace Resilience.Rpc;

/// <summary>
/// Sees that no name comes twice in one small object: by the hashes of its names, so that nothing is kept of them. More than 32 members in an
/// envelope or an error are refused. Not safe for concurrent use; allocates once.
/// </summary>
internal sealed class NameGuard
{
    private const int Most = 32;
    private readonly Hash128[] _names = new Hash128[Most];
    private int _count;

    internal void Reset() => _count = 0;

    /// <summary>Takes a name, without escapes.</summary>
    /// <returns>Whether it is new and there was room.</returns>
    internal bool TryAdd(ReadOnlySpan<byte> name)
    {
        var hash = SipHash.Of(SipKey.Process, 0, name);
        if (_count == Most || _names.AsSpan(0, _count).Contains(hash))
        {
            return false;
        }

        _names[_count++] = hash;
        return true;
    }
}
