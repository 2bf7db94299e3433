using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace Resilience.Tests.Retry;

/// <summary>A schedule, an attempt and a draw, with the delay worked out in whole numbers of any size.</summary>
internal sealed record BackoffCase(
    string Kind, long Base, long Step, int Factor, double Below, double Above, long Cap, int Attempt, double U)
{
    internal static Arbitrary<BackoffCase> Any { get; } = Cases().ToArbitrary();

    internal Jitter Jitter => (Below, Above) switch
    {
        (0, 0) => Jitter.None,
        (0.5, 0) => Jitter.Equal,
        (1, 0) => Jitter.Full,
        _ => Jitter.PlusMinus(Above),
    };

    /// <summary>The delay as the product gives it.</summary>
    internal TimeSpan Delay(int attempt, long cap)
    {
        var state = default(BackoffState);
        return Course().WithCap(new TimeSpan(cap)).WithJitter(Jitter).WithRandom(new ScriptedRandom(U)).GetDelay(attempt, ref state);
    }

    /// <summary>The course at <paramref name="attempt"/>, without any limit.</summary>
    internal BigInteger Exact(int attempt) => Kind switch
    {
        "constant" => Base,
        "linear" => Base + ((BigInteger)attempt * Step),
        "exponential" => Base * BigInteger.Pow(Factor, attempt),
        "Fibonacci" => Base * FibonacciNumber(attempt),
        _ => BigInteger.Max(0, Base - ((BigInteger)attempt * Step)),
    };

    /// <summary>What the delay should be, in ticks that need not be whole.</summary>
    internal double Expected(int attempt, long cap) =>
        Math.Min(cap, (double)BigInteger.Min(Exact(attempt), cap) * (1 - Below + ((Below + Above) * U)));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Kind} {Base} + {Step} ×{Factor}, {Jitter}, cap {Cap}, attempt {Attempt}, U {U}");

    private static BigInteger FibonacciNumber(int attempt)
    {
        var (number, next) = (BigInteger.One, BigInteger.One);
        for (var i = 0; i < attempt; i++)
        {
            (number, next) = (next, number + next);
        }

        return number;
    }

    private static Gen<BackoffCase> Cases() =>
        from kind in Gen.Elements("constant", "linear", "exponential", "Fibonacci", "generated")
        from first in Ticks()
        from step in Ticks()
        from factor in Gen.Choose(1, 10)
        from jitter in Gen.Elements((0, 0), (0.5, 0), (1, 0), (0.25, 0.25), (1, 1), (0.1, 0.1))
        from cap in Gen.Frequency((3, Ticks()), (1, Gen.Constant(Backoff.MaxDelay.Ticks)))
        from attempt in Gen.Frequency((4, Gen.Choose(0, 12)), (1, Gen.Choose(13, 10_000)))
        from u in Gen.Frequency((1, Gen.Elements(0.0, 0.4, 0.6, 1)), (2, Gen.Choose(0, 1 << 20).Select(n => n / (double)(1 << 20))))
        select new BackoffCase(kind, first, step, factor, jitter.Item1, jitter.Item2, cap, attempt, u);

    private static Gen<long> Ticks() =>
        from bits in Gen.Choose(0, 62)
        from low in Gen.Choose(0, int.MaxValue)
        select Math.Min(Backoff.MaxDelay.Ticks, (1L << bits) - (low % (1L << bits)));

    private Backoff Course() => Kind switch
    {
        "constant" => Backoff.Constant(new TimeSpan(Base)),
        "linear" => Backoff.Linear(new TimeSpan(Step), new TimeSpan(Base)),
        "exponential" => Backoff.Exponential(new TimeSpan(Base), Factor),
        "Fibonacci" => Backoff.Fibonacci(new TimeSpan(Base)),
        _ => Backoff.Generate(attempt => new TimeSpan((long)Exact(attempt))),
    };
}
