namespace Resilience.Tests.Hedging;

/// <summary>The course of a race: the product, or a copy of it with a seeded bug.</summary>
internal interface ICourse
{
    int Winner { get; }

    bool IsDecided { get; }

    void Begin(bool waits);

    bool TryAwait(Action continuation);

    Action? End(int index, AttemptEnding ending);

    Action? EndUnstarted();

    Action? OnDelayOver();

    void Release();
}
