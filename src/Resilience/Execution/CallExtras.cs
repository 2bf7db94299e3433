using Microsoft.Extensions.ObjectPool;

namespace Resilience;

/// <summary>What only some calls need: a context, a wait, an inner or an outer call. Pooled, and rented when first asked for.</summary>
internal sealed class CallExtras
{
    private static readonly ObjectPool<CallExtras> s_pool =
        new DefaultObjectPool<CallExtras>(new DefaultPooledObjectPolicy<CallExtras>(), PoolLimits.Retained);

    internal CallContext? Context { get; set; }

    internal bool OwnsContext { get; set; }

    /// <summary>The pending part that a wrapping strategy runs.</summary>
    internal InnerCall? Wrapped { get; set; }

    /// <summary>The inner call of which this call is a child.</summary>
    internal InnerCall? Parent { get; set; }

    internal ValueTask Waiting { get; set; }

    internal long WaitTicks { get; set; }

    internal long DelayTicks { get; set; }

    internal static CallExtras Rent() => s_pool.Get();

    internal void End()
    {
        if (OwnsContext)
        {
            Context!.End();
        }

        Parent?.Release();
        Context = null;
        OwnsContext = false;
        Wrapped = null;
        Parent = null;
        Waiting = default;
        WaitTicks = 0;
        DelayTicks = 0;
        s_pool.Return(this);
    }
}
