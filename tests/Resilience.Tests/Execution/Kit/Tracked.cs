namespace Resilience.Tests.Execution;

/// <summary>A result that counts how often it was disposed.</summary>
internal sealed class Tracked(string name) : IDisposable
{
    public int Disposals;

    public string Name => name;

    public void Dispose() => Interlocked.Increment(ref Disposals);

    public override string ToString() => name;
}
