using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Resilience;

/// <summary>One octave of counts, held in registers.</summary>
internal readonly struct CountBlock(
    Vector256<uint> a, Vector256<uint> b, Vector256<uint> c, Vector256<uint> d,
    Vector256<uint> e, Vector256<uint> f, Vector256<uint> g, Vector256<uint> h)
{
    /// <summary>How many numbers <see cref="StoreWithRows"/> writes.</summary>
    internal const int WithRows = Buckets.PerOctave + (Buckets.PerOctave / Lanes);

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
            sums[block] = Load(ref counts[block * Buckets.PerOctave]).Sum();
        }
    }

    /// <summary>Writes <paramref name="counts"/> to <paramref name="target"/>, and the sum of each octave.</summary>
    internal static void Copy(uint[] counts, Span<uint> target, Span<ulong> sums)
    {
        for (var block = 0; block < sums.Length; block++)
        {
            var octave = Load(ref counts[block * Buckets.PerOctave]);
            octave.Store(ref target[block * Buckets.PerOctave]);
            sums[block] = octave.Sum();
        }
    }

    /// <summary>Eight sums of eight counts each, as far as 32 bits tell, of the octave that begins at <paramref name="first"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<uint> Fold(ref uint first)
    {
        var (even, odd) = (Vector256.LoadUnsafe(ref first), Vector256.LoadUnsafe(ref first, Lanes));
        (even, odd) = (even + Vector256.LoadUnsafe(ref first, 2 * Lanes), odd + Vector256.LoadUnsafe(ref first, 3 * Lanes));
        (even, odd) = (even + Vector256.LoadUnsafe(ref first, 4 * Lanes), odd + Vector256.LoadUnsafe(ref first, 5 * Lanes));
        (even, odd) = (even + Vector256.LoadUnsafe(ref first, 6 * Lanes), odd + Vector256.LoadUnsafe(ref first, 7 * Lanes));
        return even + odd;
    }

    /// <summary>The sums of the octave that begins at <paramref name="first"/> and the next three, as far as 32 bits tell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<uint> FourSums(ref uint first) => FourSums(
        Fold(ref first), Fold(ref Unsafe.Add(ref first, Buckets.PerOctave)),
        Fold(ref Unsafe.Add(ref first, 2 * Buckets.PerOctave)), Fold(ref Unsafe.Add(ref first, 3 * Buckets.PerOctave)));

    /// <summary>Where in an octave its counts, added up from its start, reach <paramref name="rank"/>.</summary>
    /// <param name="first">What <see cref="StoreWithRows"/> wrote.</param>
    /// <param name="rank">At least one and at most the sum of the octave.</param>
    internal static int Seek(ref uint first, uint rank)
    {
        // Eight counts at a time, then one: `latency.query.5` pays for walking over at most 14 numbers in place of 64.
        nuint row = 0;
        for (; Unsafe.Add(ref first, row) < rank; row++)
        {
            rank -= Unsafe.Add(ref first, row);
        }

        var index = (row + 1) * Lanes;
        for (; Unsafe.Add(ref first, index) < rank; index++)
        {
            rank -= Unsafe.Add(ref first, index);
        }

        return (int)index - Lanes;
    }

    /// <summary>Loads the octave that begins at <paramref name="first"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static CountBlock Load(ref uint first) => new(
        Vector256.LoadUnsafe(ref first), Vector256.LoadUnsafe(ref first, Lanes),
        Vector256.LoadUnsafe(ref first, 2 * Lanes), Vector256.LoadUnsafe(ref first, 3 * Lanes),
        Vector256.LoadUnsafe(ref first, 4 * Lanes), Vector256.LoadUnsafe(ref first, 5 * Lanes),
        Vector256.LoadUnsafe(ref first, 6 * Lanes), Vector256.LoadUnsafe(ref first, 7 * Lanes));

    /// <summary>The sum with the octave that begins at <paramref name="first"/>, bucket by bucket.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal CountBlock Add(ref uint first) => new(
        _a + Vector256.LoadUnsafe(ref first), _b + Vector256.LoadUnsafe(ref first, Lanes),
        _c + Vector256.LoadUnsafe(ref first, 2 * Lanes), _d + Vector256.LoadUnsafe(ref first, 3 * Lanes),
        _e + Vector256.LoadUnsafe(ref first, 4 * Lanes), _f + Vector256.LoadUnsafe(ref first, 5 * Lanes),
        _g + Vector256.LoadUnsafe(ref first, 6 * Lanes), _h + Vector256.LoadUnsafe(ref first, 7 * Lanes));

    /// <summary>What it holds beyond the octave that begins at <paramref name="first"/>, bucket by bucket.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal CountBlock Subtract(ref uint first) => new(
        _a - Vector256.LoadUnsafe(ref first), _b - Vector256.LoadUnsafe(ref first, Lanes),
        _c - Vector256.LoadUnsafe(ref first, 2 * Lanes), _d - Vector256.LoadUnsafe(ref first, 3 * Lanes),
        _e - Vector256.LoadUnsafe(ref first, 4 * Lanes), _f - Vector256.LoadUnsafe(ref first, 5 * Lanes),
        _g - Vector256.LoadUnsafe(ref first, 6 * Lanes), _h - Vector256.LoadUnsafe(ref first, 7 * Lanes));

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

    /// <summary>Eight sums of eight counts each, as far as 32 bits tell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector256<uint> Fold() => (_a + _b) + (_c + _d) + ((_e + _f) + (_g + _h));

    /// <summary>Writes the sum of each row of eight counts, as far as 32 bits tell, and then the octave: <see cref="WithRows"/> numbers.</summary>
    /// <returns>The sum of the octave, as far as 32 bits tell.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal uint StoreWithRows(ref uint first)
    {
        var (low, high) = (FourSums(_a, _b, _c, _d), FourSums(_e, _f, _g, _h));
        low.StoreUnsafe(ref first);
        high.StoreUnsafe(ref first, Lanes / 2);
        Store(ref Unsafe.Add(ref first, Lanes));
        return Vector128.Sum(low + high);
    }

    /// <summary>The sum of the octave, which never wraps: where no eight counts can, they are added in 32 bits, which `latency.query.5` pays for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ulong Sum()
    {
        var any = (_a | _b) | (_c | _d) | ((_e | _f) | (_g | _h));
        return (any & Vector256.Create(MayWrap)) == Vector256<uint>.Zero
            ? Vector256.Sum(Wide(Fold()))
            : Vector256.Sum((Wide(_a) + Wide(_b)) + (Wide(_c) + Wide(_d)) + ((Wide(_e) + Wide(_f)) + (Wide(_g) + Wide(_h))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> FourSums(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c, Vector256<uint> d)
    {
        if (!Avx2.IsSupported)
        {
            return Vector128.Create(Vector256.Sum(a), Vector256.Sum(b), Vector256.Sum(c), Vector256.Sum(d));
        }

        var pairs = Avx2.HorizontalAdd(Avx2.HorizontalAdd(a.AsInt32(), b.AsInt32()), Avx2.HorizontalAdd(c.AsInt32(), d.AsInt32()));
        return (pairs.GetLower() + pairs.GetUpper()).AsUInt32();
    }

    // Pairs of counts as 64-bit sums.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Wide(Vector256<uint> counts) =>
        (counts.AsUInt64() & Vector256.Create((ulong)uint.MaxValue)) + (counts.AsUInt64() >>> 32);
}
