namespace Resilience;

/// <summary>The part of an inner call that does not depend on the shape of the callback. A run takes over its caller's hold.</summary>
internal abstract class InnerCall<T> : InnerCall
{
    internal abstract ValueTask<Outcome<T>> RunAsync(CancellationToken cancellationToken);

    internal abstract Outcome<T> Run(CancellationToken cancellationToken);
}
