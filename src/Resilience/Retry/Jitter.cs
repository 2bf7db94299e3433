using System.Globalization;
using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// How far a delay is spread, so that callers who failed together do not come back together. With U uniform in [0, 1) the delay is
/// multiplied by a number between two ends. <c>default</c> is <see cref="None"/>. Immutable; allocates nothing.
/// </summary>
public readonly record struct Jitter
{
    // The multiplier is 1 − below + (below + above)·U.
    private readonly double _below;
    private readonly double _above;

    private Jitter(double below, double above)
    {
        _below = below;
        _above = above;
    }

    /// <summary>The delay as it is.</summary>
    public static Jitter None => default;

    /// <summary>Half the delay for certain and half by chance: delay · (½ + ½·U). The mean is ¾ of the delay.</summary>
    public static Jitter Equal => new(0.5, 0);

    /// <summary>Anything between zero and the delay: delay · U. The mean is half the delay.</summary>
    public static Jitter Full => new(1, 0);

    /// <summary>Whether every delay stays as it is.</summary>
    internal bool IsNone => _below == 0 && _above == 0;

    /// <summary>The delay more or less a share of it: delay · (1 − factor + 2·factor·U). The mean is the delay.</summary>
    /// <param name="factor">The share, from 0 to 1; 0.25 means ± 25 %.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> is outside its range or not a number.</exception>
    public static Jitter PlusMinus(double factor) =>
        factor is >= 0 and <= 1
            ? new Jitter(factor, factor)
            : throw new ArgumentOutOfRangeException(
                nameof(factor), string.Create(CultureInfo.InvariantCulture, $"factor is {factor}; it must lie between 0 and 1."));

    /// <summary>"no jitter", "±25 % jitter", "equal jitter" or "full jitter".</summary>
    public override string ToString()
    {
        if (IsNone)
        {
            return "no jitter";
        }

        if (_above > 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"±{_above * 100:0.##} % jitter");
        }

        return _below == 1 ? "full jitter" : "equal jitter";
    }

    /// <summary>What <paramref name="ticks"/> is multiplied by at the draw <paramref name="u"/>; exact at both ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal double Apply(long ticks, double u) => ticks * (1 - _below + ((_below + _above) * u));
}
