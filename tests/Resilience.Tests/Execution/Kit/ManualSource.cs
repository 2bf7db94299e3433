using System.Threading.Tasks.Sources;

namespace Resilience.Tests.Execution;

/// <summary>A value task source ended by hand, whose continuation runs inside of <see cref="Complete"/>.</summary>
internal sealed class ManualSource<T> : IValueTaskSource<T>, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<T> _core;

    internal ValueTask<T> Task => new(this, _core.Version);

    internal ValueTask Signal => new(this, _core.Version);

    /// <summary>Runs when somebody subscribes, before the subscription is over.</summary>
    internal Action? OnSubscribed { get; set; }

    public T GetResult(short token) => _core.GetResult(token);

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        _core.OnCompleted(continuation, state, token, flags);
        OnSubscribed?.Invoke();
    }

    internal void Complete(T result) => _core.SetResult(result);

    internal void Reset() => _core.Reset();
}
