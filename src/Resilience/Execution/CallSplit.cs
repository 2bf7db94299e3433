using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>Splits a call that must wait inside a hedging strategy into the attempt under way and the call around it.</summary>
internal static class CallSplit
{
    /// <summary>Splits the call at the outermost hedging strategy inside which it waits; the attempt's own call is then looked at likewise.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Look<TCall, T>(ref CallFrame frame, ref Slot slots, ref TCall call, ref T? result)
        where TCall : struct, ICall<T>
    {
        var strategies = frame.Core.Strategies;
        for (var i = (int)frame.Start; i < frame.Position; i++)
        {
            if (strategies[i].Hedging is { } hedging)
            {
                hedging.Split(ref frame, ref slots, i, ref call, ref result);
                return;
            }
        }
    }
}
