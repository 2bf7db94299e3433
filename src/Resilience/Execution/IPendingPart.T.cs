namespace Resilience;

/// <summary>The side of a <see cref="PendingPart"/> that knows the type of the result.</summary>
/// <typeparam name="T">The type of the result.</typeparam>
internal interface IPendingPart<T>
{
    /// <summary>Takes the end of the part and releases it. True when the verdict came with it; a throw is the part's failure.</summary>
    bool Finish(ref CallFrame frame, ref T? result);
}
