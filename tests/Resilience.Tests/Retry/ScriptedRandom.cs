namespace Resilience.Tests.Retry;

/// <summary>Draws that a test has chosen, in order and then over again; they may be 1, which no real source returns.</summary>
internal sealed class ScriptedRandom(params double[] draws) : RandomSource
{
    private int _next = -1;

    internal override double NextDouble() => draws[(int)((uint)Interlocked.Increment(ref _next) % draws.Length)];
}
