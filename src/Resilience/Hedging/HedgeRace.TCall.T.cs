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

    internal static HedgeRace<TCall, T> Rent(in TCall call)
    {
        var race = s_pool.Get();
        race._call = call;
        return race;
    }

    /// <inheritdoc/>
    protected override void Run(HedgeAttempt attempt, int number)
    {
        var frame = new CallFrame(attempt, number);
        PendingCall<TCall, T>.RunAttempt(ref frame, ref _call, (HedgeAttempt<T>)attempt);
    }

    /// <inheritdoc/>
    protected override void Return()
    {
        _call = default;
        s_pool.Return(this);
    }
}
