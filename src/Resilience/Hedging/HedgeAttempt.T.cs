using Microsoft.Extensions.ObjectPool;

namespace Resilience;

/// <summary>An attempt with its outcome.</summary>
/// <typeparam name="T">The type of the result.</typeparam>
internal sealed class HedgeAttempt<T> : HedgeAttempt
{
    private static readonly ObjectPool<HedgeAttempt<T>> s_pool =
        new DefaultObjectPool<HedgeAttempt<T>>(new DefaultPooledObjectPolicy<HedgeAttempt<T>>(), PoolLimits.Retained);

    /// <summary>How it ended.</summary>
    internal Outcome<T> Outcome { get; set; }

    internal static HedgeAttempt<T> Rent(HedgeRace race, AttemptSource source, int index)
    {
        var attempt = s_pool.Get();
        attempt.Begin(race, source, index);
        return attempt;
    }

    internal override void EndStillborn(Exception exception)
    {
        Outcome = new Outcome<T>(default, new Fault(exception));
        base.EndStillborn(exception);
    }

    internal override void End()
    {
        base.End();
        Outcome = default;
        s_pool.Return(this);
    }
}
