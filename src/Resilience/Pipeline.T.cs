namespace Resilience;

/// <summary>
/// A sequence of strategies around a callback that returns <typeparamref name="T"/>, classifying results as well as exceptions. The order of
/// a call is that of <see cref="Pipeline"/>.
/// </summary>
/// <typeparam name="T">The type of the result.</typeparam>
/// <remarks>
/// Immutable and safe for concurrent use. A call that completes at once allocates nothing; one that suspends rents one pooled object, whatever
/// the number of strategies. A result that is discarded for another attempt, or replaced, is disposed if it is <see cref="IDisposable"/>, or
/// else <see cref="IAsyncDisposable"/>; the call does not wait for the latter.
/// </remarks>
public sealed partial class Pipeline<T>
{
    private readonly PipelineCore _core;

    internal Pipeline(PipelineCore core) => _core = core;

    /// <summary>The name given to the builder; null if none.</summary>
    public string? Name => _core.Name;

    /// <summary>The strategies, outermost first, with their names and options.</summary>
    public IReadOnlyList<Strategy> Strategies => _core.Description;

    /// <summary>
    /// Whether attempts may outlive their call, because it hedges or a timeout abandons. What a call hands to its callback must then outlive it
    /// too, and stand being used by several attempts at once.
    /// </summary>
    public bool AttemptsMayOutliveCall => _core.LeavesAttempts;

    internal PipelineCore Core => _core;

    /// <summary>The name, and the strategies in their order.</summary>
    public override string ToString() => _core.ToString();
}
