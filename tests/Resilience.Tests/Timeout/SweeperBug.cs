namespace Resilience.Tests.Timeouts;

/// <summary>What can be wrong with a sweeper.</summary>
internal enum SweeperBug
{
    /// <summary>Nothing: the copy is as the product, and the suites hold for it.</summary>
    None,

    /// <summary>Arming looks at the wake before the word is written: the order that the fence keeps.</summary>
    WakeReadBeforeWordWritten,

    /// <summary>A sweep resets the wake after reading the words: the other half of the fence.</summary>
    WordsReadBeforeWakeReset,

    /// <summary>Two who lower the wake at once overwrite one another.</summary>
    LoweredWakeLost,

    /// <summary>Who set the timer does not look whether another had a nearer wake meanwhile.</summary>
    TimerSetOnce,

    /// <summary>A sweep fires what is due without taking it from its owner.</summary>
    FiredWithoutClaim,

    /// <summary>The claim is on the place in the table: an equal word of its next owner is taken for one's own.</summary>
    ClaimedOnThePlace,

    /// <summary>A sweep gives the place back before it looks whose it was.</summary>
    FreedBeforeTheItemIsRead,

    /// <summary>A sweep sets no wake for what is not due yet.</summary>
    NearestForgotten,
}
