namespace Resilience.Rpc.Tests.FanOut;

/// <summary>An answer that knows how often it was disposed.</summary>
internal sealed class Answer(int number) : IDisposable
{
    private int _disposals;

    public int Number => number;

    public int Disposals => Volatile.Read(ref _disposals);

    public void Dispose() => Interlocked.Increment(ref _disposals);

    public override string ToString() => $"{number}";
}
