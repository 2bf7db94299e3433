using System.Runtime.CompilerServices;

namespace Resilience;

internal readonly struct TokenInvoker<TReturn>(Func<CancellationToken, TReturn> callback) : IInvoker<TReturn>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TReturn Invoke(ref CallFrame frame) => callback(frame.CancellationToken);
}
