using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Resilience;

/// <summary>One octave of counts, held in registers.</summary>
internal readonly struct CountBlock(
    Vector256<uint> a, Vector256<uint> b, Vector256<uint> c, Vector256<uint> d,
    Vector256<uint> e, Vector256<uint> f, Vector256<uint> g, Vector256<uint> h)
{
    private const int Lanes = 8;

    // The bits of a count of which eight may exceed 32 bits.
    private const uint MayWrap = 0xE000_0000;
    private readonly Vector256<uint> _a = a;
    private readonly Vector256<uint> _b = b;
    private readonly Vector256<uint> _c = c;
    private readonly Vector256<uint> _d = d;
    private readonly Vector256<uint> _e = e;
    private readonly Vector256<uint> _f = f;
    private readonly Vector256<uint> _g = g;
    private readonly Vector256<uint> _h = h;

    /// <summary>Writes the sum of each octave of <paramref name="counts"/>.</summary>
    internal static void Sums(uint[] counts, Span<ulong> sums)
    {
        for (var block = 0; block < sums.Length; block++)
        {
            sums[block] = Load(counts, block * Buckets.PerOctave).Sum();
        }
    }

    /// <summary>Writes <paramref name="counts"/> to <paramref name="target"/>, and the sum of each octave.</summary>
    internal static void Copy(uint[] counts, Span<uint> target, Span<ulong> sums)
    {
        for (var block = 0; block < sums.Length; block++)
        {
            var octave = Load(counts, block * Buckets.PerOctave);
            octave.Store(ref target[block * Buckets.PerOctave]);
            sums[block] = octave.Sum();
        }
    }

    /// <summary>Loads the octave that starts at <paramref name="offset"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static CountBlock Load(uint[] counts, int offset)
    {
        ref var first = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(counts), offset);
        return new CountBlock(
            Vector256.LoadUnsafe(ref first), Vector256.LoadUnsafe(ref first, Lanes),
            Vector256.LoadUnsafe(ref first, 2 * Lanes), Vector256.LoadUnsafe(ref first, 3 * Lanes),
            Vector256.LoadUnsafe(ref first, 4 * Lanes), Vector256.LoadUnsafe(ref first, 5 * Lanes),
            Vector256.LoadUnsafe(ref first, 6 * Lanes), Vector256.LoadUnsafe(ref first, 7 * Lanes));
    }

    /// <summary>The sum, bucket by bucket.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal CountBlock Add(in CountBlock other) => new(
        _a + other._a, _b + other._b, _c + other._c, _d + other._d, _e + other._e, _f + other._f, _g + other._g, _h + other._h);

    /// <summary>The difference, bucket by bucket.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal CountBlock Subtract(in CountBlock other) => new(
        _a - other._a, _b - other._b, _c - other._c, _d - other._d, _e - other._e, _f - other._f, _g - other._g, _h - other._h);

    /// <summary>Writes the octave.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Store(ref uint first)
    {
        _a.StoreUnsafe(ref first);
        _b.StoreUnsafe(ref first, Lanes);
        _c.StoreUnsafe(ref first, 2 * Lanes);
        _d.StoreUnsafe(ref first, 3 * Lanes);
        _e.StoreUnsafe(ref first, 4 * Lanes);
        _f.StoreUnsafe(ref first, 5 * Lanes);
        _g.StoreUnsafe(ref first, 6 * Lanes);
        _h.StoreUnsafe(ref first, 7 * Lanes);
    }

    /// <summary>The sum of the octave, which never wraps: where no eight counts can, they are added in 32 bits, which `latency.query.5` pays for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ulong Sum()
    {
        var any = (_a | _b) | (_c | _d) | ((_e | _f) | (_g | _h));
        return (any & Vector256.Create(MayWrap)) == Vector256<uint>.Zero
            ? Vector256.Sum(Wide((_a + _b) + (_c + _d) + ((_e + _f) + (_g + _h))))
            : Vector256.Sum((Wide(_a) + Wide(_b)) + (Wide(_c) + Wide(_d)) + ((Wide(_e) + Wide(_f)) + (Wide(_g) + Wide(_h))));
    }

    // Pairs of counts as 64-bit sums.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Wide(Vector256<uint> counts) =>
        (counts.AsUInt64() & Vector256.Create((ulong)uint.MaxValue)) + (counts.AsUInt64() >>> 32);
}
