namespace Resilience;

/// <summary>The part of an inner call that does not depend on the shape of the callback.</summary>
internal abstract class InnerCall<T> : InnerCall
{
    internal abstract ValueTask<Outcome<T>> RunAsync(CancellationToken cancellationToken);

    internal abstract Outcome<T> Run(CancellationToken cancellationToken);
}
