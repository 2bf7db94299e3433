namespace Resilience.Tests.Execution;

/// <summary>What the programs of <see cref="PendingEndInterleavingTests"/> do with an end, be it the product's or a copy.</summary>
internal interface IPendingEnd
{
    long Begin();

    void End();

    bool IsToMove(long number);

    bool TryMove(long number);

    void HandTo(SuspendedCall part);

    bool HasEndedWhileMoving();
}
