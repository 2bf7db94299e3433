using Microsoft.Extensions.ObjectPool;

namespace Resilience;

/// <summary>The inner part of a call with its callback, and the wrapping strategy's pending outcome.</summary>
internal sealed class InnerCall<TCall, T> : InnerCall<T>, IPendingPart<T>
    where TCall : struct, ICall<T>
{
    private static readonly ObjectPool<InnerCall<TCall, T>> s_pool =
        new DefaultObjectPool<InnerCall<TCall, T>>(new DefaultPooledObjectPolicy<InnerCall<TCall, T>>(), PoolLimits.Retained);

    private TCall _call;
    private ValueTask<Outcome<T>> _pending;

    /// <summary>Lets <paramref name="strategy"/> run what is inside the frame's position; true when it is over at once.</summary>
    internal static bool Start(Strategy strategy, ref CallFrame frame, ref TCall call, ref T? result)
    {
        var inner = s_pool.Get();
        inner.Begin(ref frame);
        inner._call = call;
        var task = default(ValueTask<Outcome<T>>);
        var handle = new Inner<T>(inner);
        var suspended = false;
        try
        {
            task = frame.IsSynchronous ? new ValueTask<Outcome<T>>(Execute(strategy, handle)) : ExecuteAsync(strategy, handle);
            if (!task.IsCompleted)
            {
                inner._pending = task;
                frame.Extras.Wrapped = inner;
                suspended = true;
                return false;
            }

            frame.Take(task.GetAwaiter().GetResult(), ref result);
            inner.PassVerdict(ref frame);
            return true;
        }
        finally
        {
            if (!suspended)
            {
                inner.Release();
            }
        }
    }

    internal override void OnCompleted(Action continuation) =>
        _pending.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(continuation);

    public bool Finish(ref CallFrame frame, ref T? result)
    {
        var task = _pending;
        _pending = default;
        try
        {
            frame.Take(task.GetAwaiter().GetResult(), ref result);
            PassVerdict(ref frame);
            return false;
        }
        finally
        {
            Release();
        }
    }

    internal override ValueTask<Outcome<T>> RunAsync(CancellationToken cancellationToken)
    {
        var frame = new CallFrame(this, cancellationToken);
        var call = _call;
        return CallRunner.OutcomeAsync<TCall, T>(ref frame, ref call);
    }

    internal override Outcome<T> Run(CancellationToken cancellationToken)
    {
        var frame = new CallFrame(this, cancellationToken);
        var call = _call;
        return CallRunner.Outcome<TCall, T>(ref frame, ref call, null);
    }

    protected override void Recycle()
    {
        _call = default;
        _pending = default;
        s_pool.Return(this);
    }

    private static ValueTask<Outcome<T>> ExecuteAsync(Strategy strategy, Inner<T> inner) =>
        strategy is WrappingStrategy untyped ? untyped.ExecuteAsync(inner) : ((WrappingStrategy<T>)strategy).ExecuteAsync(inner);

    private static Outcome<T> Execute(Strategy strategy, Inner<T> inner) =>
        strategy is WrappingStrategy untyped ? untyped.Execute(inner) : ((WrappingStrategy<T>)strategy).Execute(inner);
}
