using Microsoft.Extensions.ObjectPool;

namespace Resilience;

/// <summary>A race with the callback of its further attempts.</summary>
/// <typeparam name="TCall">The shape of the callback.</typeparam>
/// <typeparam name="T">The type of the result.</typeparam>
internal sealed class HedgeRace<TCall, T> : HedgeRace<T>
    where TCall : struct, ICall<T>
{
    private static readonly ObjectPool<HedgeRace<TCall, T>> s_pool =
        new DefaultObjectPool<HedgeRace<TCall, T>>(new DefaultPooledObjectPolicy<HedgeRace<TCall, T>>(), PoolLimits.Retained);

    private TCall _call;

    internal static HedgeRace<TCall, T> Rent(CallThread thread, in TCall call)
    {
        var race = Take(thread);
        race._call = call;
        return race;
    }

    // An idle race of another type makes way.
    private static HedgeRace<TCall, T> Take(CallThread thread)
    {
        if (thread.TakeRace() is { } idle)
        {
            if (idle is HedgeRace<TCall, T> own)
            {
                return own;
            }

            idle.Return();
        }

        return s_pool.Get();
    }

    /// <inheritdoc/>
    protected override bool Run(HedgeAttempt attempt, int number) => Core.HedgesCallback
        ? AttemptCall<TCall, T>.Run(Own(attempt), number, ref _call)
        : PendingCall<TCall, T>.RunAttempt(Own(attempt), number, ref _call);

    /// <inheritdoc/>
    protected override void Forget() => _call = default;

    /// <inheritdoc/>
    internal override void Return() => s_pool.Return(this);
}
