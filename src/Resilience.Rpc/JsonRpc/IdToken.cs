namespace Resilience.Rpc;

/// <summary>
/// Ids as they were written: decimal digits without a sign, a leading zero, a point or an exponent, at most 2⁵³ − 1, so that every
/// implementation that reads numbers as doubles gives them back unchanged. 1.0 is not the id 1.
/// </summary>
internal static class IdToken
{
    internal const long Most = (1L << 53) - 1;
    private const int MostDigits = 16;

    /// <summary>Which of the ids from <paramref name="first"/> on the token is.</summary>
    /// <returns>The distance from the first; <see cref="Envelope.Unknown"/> if it is none of them.</returns>
    internal static long IndexOf(ReadOnlySpan<byte> token, long first, int count)
    {
        if (token.IsEmpty || token.Length > MostDigits || (token[0] == '0' && token.Length > 1))
        {
            return Envelope.Unknown;
        }

        var id = 0L;
        foreach (var digit in token)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return Envelope.Unknown;
            }

            id = (id * 10) + (digit - '0');
        }

        return id >= first && id - first < count ? id - first : Envelope.Unknown;
    }
}
