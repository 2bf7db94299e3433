using System.Threading.Tasks.Sources;

namespace Resilience.Tests.Hedging;

/// <summary>A value task source that takes no continuation, or takes and calls it and then fails, or answers twice.</summary>
internal sealed class OddSource(OddSource.Way way) : IValueTaskSource<int>
{
    private Action? _continuation;

    public enum Way
    {
        Refuses,
        AnswersAndRefuses,
        AnswersTwice,
    }

    public int Reads { get; private set; }

    public ValueTask<int> Task => new(this, 0);

    public int GetResult(short token)
    {
        Reads++;
        return 7;
    }

    public ValueTaskSourceStatus GetStatus(short token) => ValueTaskSourceStatus.Pending;

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        _continuation = () => continuation(state);
        if (way == Way.AnswersAndRefuses)
        {
            _continuation();
        }

        if (way != Way.AnswersTwice)
        {
            throw new InvalidOperationException("It takes no continuation.");
        }
    }

    public void Answer()
    {
        _continuation!();
        _continuation!();
    }
}
