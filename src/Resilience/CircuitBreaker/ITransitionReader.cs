namespace Resilience;

/// <summary>Who reads a transition log, and is told when there may be something new.</summary>
internal interface ITransitionReader
{
    /// <summary>Something was published. Called on the thread of the transition: must not run foreign code.</summary>
    void Wake();
}
