using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Resilience.Caching;

/// <content>Keys: their hashes and their equality.</content>
internal sealed partial class CacheCore<TKey, TValue, TI>
{
    // Null lets the runtime inline the equality of value types.
    private readonly IEqualityComparer<TKey>? _comparer;

    // Keys are strings compared ordinally: called directly, without a dispatch.
    private readonly bool _isOrdinal;

    /// <summary>The comparer in use; null for value types that compare as they do themselves.</summary>
    internal IEqualityComparer<TKey>? KeyComparer => _comparer;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal uint Hash(TKey key)
    {
        if (key is null)
        {
            ThrowNull();
        }

        if (!typeof(TKey).IsValueType && _isOrdinal)
        {
            return OrdinalKeys.Hash(Unsafe.As<TKey, string>(ref key));
        }

        return Spread(typeof(TKey).IsValueType && _comparer is null ? key.GetHashCode() : _comparer!.GetHashCode(key));
    }

    [DoesNotReturn]
    private static void ThrowNull() => throw new ArgumentNullException("key");

    private static IEqualityComparer<TKey>? Comparer(IEqualityComparer<TKey>? given)
    {
        if (given is null || ReferenceEquals(given, EqualityComparer<TKey>.Default) || ReferenceEquals(given, StringComparer.Ordinal))
        {
            return typeof(TKey) == typeof(string) ? (IEqualityComparer<TKey>)(object)OrdinalKeys.Instance
                : typeof(TKey).IsValueType ? null
                : EqualityComparer<TKey>.Default;
        }

        return given;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Spread(int hash) => (uint)(((uint)hash * 0x9E37_79B9_7F4A_7C15UL) >> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Same(TKey stored, TKey asked)
    {
        if (typeof(TKey).IsValueType && _comparer is null)
        {
            return EqualityComparer<TKey>.Default.Equals(stored, asked);
        }

        return !typeof(TKey).IsValueType && _isOrdinal
            ? string.Equals(Unsafe.As<TKey, string>(ref stored), Unsafe.As<TKey, string>(ref asked))
            : _comparer!.Equals(stored, asked);
    }
}
