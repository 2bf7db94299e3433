namespace Resilience.Tests.Timeouts;

/// <summary>What can be wrong with an abandonable run.</summary>
internal enum AbandonableBug
{
    /// <summary>Nothing: the copy is as the product, and the programs hold for it.</summary>
    None,

    /// <summary>The run's end looks whether it is first and then says so.</summary>
    EndedWithoutCompareExchange,

    /// <summary>The deadline and the caller look whether they are first and then say so.</summary>
    GivenUpWithoutCompareExchange,

    /// <summary>Who gives up and was not first stays counted.</summary>
    LostAbandonmentCounted,

    /// <summary>The result of a run that comes later is dropped.</summary>
    LateResultNotDisposed,

    /// <summary>The caller goes on before the outcome is there.</summary>
    CompletedBeforeTheOutcome,

    /// <summary>The object serves another run while the one it gave up goes on.</summary>
    UsedAgainAfterGivingUp,

    /// <summary>The object serves another run while the caller's cancellation is on its way to it.</summary>
    CancellationOnItsWayIgnored,

    /// <summary>The object serves another run while its claimed deadline is on its way to it.</summary>
    DeadlineOnItsWayIgnored,

    /// <summary>The deadline stays armed when the run came first.</summary>
    LeftArmed,
}
