using System.Threading.Tasks.Sources;

namespace Resilience.Tests.Hedging;

/// <summary>A value task source that notes the ambient value in which it is read, and sets another.</summary>
internal sealed class FlowSource(AsyncLocal<string?> flow) : IValueTaskSource<int>
{
    private Action<object?>? _continuation;
    private object? _state;

    public string? Seen { get; private set; }

    public ValueTask<int> Task => new(this, 0);

    public void Answer() => _continuation!(_state);

    public int GetResult(short token)
    {
        Seen = flow.Value;
        flow.Value = "the source's";
        return 7;
    }

    public ValueTaskSourceStatus GetStatus(short token) => ValueTaskSourceStatus.Pending;

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        (_continuation, _state) = (continuation, state);
}
