using System.Threading.Tasks.Sources;

namespace Resilience;

/// <content>The caller's side: the pending call as the source of the value task that the caller holds.</content>
/// <remarks>
/// Read once: a token of an earlier use or a read before the end throws and touches nothing. A call that nobody awaits still runs to its
/// end; its object is then left to the collector.
/// </remarks>
internal sealed partial class PendingCall<TCall, T> : IValueTaskSource<T>, IValueTaskSource<Outcome<T>>, IValueTaskSource
{
    T IValueTaskSource<T>.GetResult(short token)
    {
        Take(token, out var fault, out var result);
        if (fault.Exists)
        {
            fault.Throw();
        }

        return result!;
    }

    Outcome<T> IValueTaskSource<Outcome<T>>.GetResult(short token)
    {
        Take(token, out var fault, out var result);
        return new Outcome<T>(result, fault);
    }

    void IValueTaskSource.GetResult(short token)
    {
        Take(token, out var fault, out _);
        if (fault.Exists)
        {
            fault.Throw();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => Status(token);

    ValueTaskSourceStatus IValueTaskSource<Outcome<T>>.GetStatus(short token) => _core.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => Status(token);

    void IValueTaskSource<T>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource<Outcome<T>>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private ValueTaskSourceStatus Status(short token)
    {
        var status = _core.GetStatus(token);
        return status != ValueTaskSourceStatus.Succeeded || !_frame.Fault.Exists
            ? status
            : _frame.Fault.Exception is OperationCanceledException ? ValueTaskSourceStatus.Canceled : ValueTaskSourceStatus.Faulted;
    }

    private void Take(short token, out Fault fault, out T? result)
    {
        _core.GetResult(token);
        if (Interlocked.CompareExchange(ref _readable, (short)(token + 1), token) != token)
        {
            throw new InvalidOperationException("The result of a call can be read only once.");
        }

        fault = _frame.Fault;
        result = _result;
        _frame.Fault = default;
        _result = default;
        _core.Reset();
        var thread = CallThread.Current;
        if (thread.IdleCall is null)
        {
            thread.IdleCall = this;
        }
        else
        {
            s_pool.Return(this);
        }
    }
}
