namespace Resilience;

/// <summary>
/// A sequence of strategies around a callback, for any type of result. It classifies exceptions; use <see cref="Pipeline{T}"/> to classify
/// results too.
/// <para>The order of a call, from the outermost strategy (position 0) to the callback and back:</para>
/// <list type="number">
/// <item>The callback and its state become one struct (Execution/Calls) and the call a frame on this thread's stack
/// (<see cref="CallFrame"/>). A caller that has cancelled already enters nothing.</item>
/// <item>On the way in, <see cref="Strategy.TryEnter"/> is asked from position 0 inward: go, refuse, finish, or wait. What refuses or
/// throws was not entered; the call turns round there.</item>
/// <item>The callback starts, under one token for the caller and the nearest deadline. If it is done at once, nothing was allocated.</item>
/// <item>Its end is settled (Execution/Settlement.cs): who cancelled is read from the sources, and the classifier gives the
/// <see cref="Verdict"/>, once.</item>
/// <item>On the way out, <see cref="Strategy.Leave"/> is told from the innermost outward, of what was entered and of nothing else: continue,
/// replace the outcome, wait, or again. "Again" discards the outcome and goes back to step 2, inside that strategy.</item>
/// <item>At the edge the outcome is returned, or thrown if it is an exception or a rejection (Execution/CallRunner.cs).</item>
/// </list>
/// <para>Where no strategy but a circuit breaker has anything to do with a call that ends well at once, such a call is made without a frame, and
/// one that does not end so goes on as if it had had one (Execution/ShortCall.cs).</para>
/// <para>Steps 2 to 5 are one loop (Execution/CallLoop.cs). Whatever must wait moves the frame to one pooled object, which runs the same loop
/// when the wait is over (Execution/PendingCall.T.cs).</para>
/// </summary>
/// <remarks>
/// Immutable and safe for concurrent use. A call that completes at once allocates nothing; one that suspends rents one pooled object, whatever
/// the number of strategies.
/// </remarks>
public sealed partial class Pipeline
{
    private readonly PipelineCore _core;

    internal Pipeline(PipelineCore core, bool hasOwnClassifier)
    {
        _core = core;
        HasOwnClassifier = hasOwnClassifier;
    }

    /// <summary>A pipeline without strategies.</summary>
    public static Pipeline Empty { get; } = new PipelineBuilder().Build();

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

    internal bool HasOwnClassifier { get; }

    /// <summary>The name, and the strategies in their order.</summary>
    public override string ToString() => _core.ToString();
}
