namespace Resilience;

/// <summary>
/// A callback with its state, started anew for each attempt, and what it left pending. One struct a shape of callback, so that the loop
/// is compiled for it without a delegate or a box between.
/// </summary>
/// <typeparam name="T">The type of the result.</typeparam>
internal interface ICall<T>
{
    /// <summary>Starts an attempt; true when it is over at once, with its result or fault set. A throw is the attempt's failure.</summary>
    bool Start(ref CallFrame frame, ref T? result);

    /// <summary>Has <paramref name="continuation"/> run when the pending attempt is over.</summary>
    void OnCompleted(Action continuation, bool onCapturedContext);

    /// <summary>Takes the end of the pending attempt. A throw is its failure.</summary>
    void Finish(ref CallFrame frame, ref T? result);
}
