using System.Runtime.CompilerServices;

namespace Resilience.Rpc;

/// <summary>An order of up to sixteen endpoints in one word, four bits a place, so that it is read and replaced as a whole.</summary>
internal readonly record struct EndpointOrder(ulong Places)
{
    /// <summary>The most endpoints.</summary>
    internal const int Most = 16;

    private const int Bits = 4;
    private const ulong Mask = (1UL << Bits) - 1;

    /// <summary>The order in which the endpoints were given.</summary>
    internal static EndpointOrder Given => new(0xFEDC_BA98_7654_3210);

    /// <summary>The endpoint at a place.</summary>
    internal int this[int place]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (int)((Places >> (place * Bits)) & Mask);
    }

    /// <summary>The order of these endpoints.</summary>
    internal static EndpointOrder Of(ReadOnlySpan<int> endpoints)
    {
        var places = 0UL;
        for (var place = 0; place < endpoints.Length; place++)
        {
            places |= (ulong)(uint)endpoints[place] << (place * Bits);
        }

        return new EndpointOrder(places);
    }

    /// <summary>The same order, but for the endpoint at <paramref name="place"/>, which comes first.</summary>
    internal EndpointOrder Promote(int place)
    {
        var below = (1UL << (place * Bits)) - 1;
        var above = place == Most - 1 ? 0 : ~0UL << ((place + 1) * Bits);
        return new EndpointOrder((Places & above) | ((Places & below) << Bits) | (uint)this[place]);
    }

    /// <summary>The first endpoint, in this order, of a set that is not empty.</summary>
    internal int FirstOf(uint endpoints)
    {
        var place = 0;
        while ((endpoints & (1u << this[place])) == 0)
        {
            place++;
        }

        return this[place];
    }
}
