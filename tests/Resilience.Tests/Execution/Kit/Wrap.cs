namespace Resilience.Tests.Execution;

/// <summary>What a scripted wrapping strategy does with the inner part of a call.</summary>
internal enum Wrap
{
    Pass,
    PassLater,
    Skip,
    RunTwice,
    ThrowAtOnce,
    ThrowAfterwards,
}
