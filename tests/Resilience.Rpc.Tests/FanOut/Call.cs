namespace Resilience.Rpc.Tests.FanOut;

/// <summary>A call that ends when the test says so, or when it is cancelled, unless it is deaf. It ends inline.</summary>
internal sealed class Call
{
    private readonly TaskCompletionSource<Answer> _source = new();

    public Call(CancellationToken token, bool isDeaf)
    {
        Token = token;
        if (!isDeaf)
        {
            token.UnsafeRegister(static (state, token) => ((TaskCompletionSource<Answer>)state!).TrySetCanceled(token), _source);
        }
    }

    public CancellationToken Token { get; }

    public Task<Answer> Task => _source.Task;

    public Answer Answer(int number)
    {
        var answer = new Answer(number);
        _source.TrySetResult(answer);
        return answer;
    }

    public void Fail(Exception exception) => _source.TrySetException(exception);
}
