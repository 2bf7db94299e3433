using System.Diagnostics.CodeAnalysis;

namespace Resilience.Rpc;

/// <summary>One endpoint's part of a fan-out: what it answered, or why it did not. A copy; allocates nothing.</summary>
/// <typeparam name="T">The type of the answers.</typeparam>
[SuppressMessage("Performance", "CA1815", Justification = "Slots are read, never compared.")]
public readonly struct FanOutSlot<T>
{
    /// <summary>The endpoint.</summary>
    public required Endpoint Endpoint { get; init; }

    /// <summary>What became of its part.</summary>
    public SlotState State { get; init; }

    /// <summary>Why there is no answer, or which fault the answer is; <see cref="FaultClass.None"/> for an answer.</summary>
    public FaultClass Fault { get; init; }

    /// <summary>The answer; default if there is none. It may be a fault too, where the callback returns faults as values.</summary>
    public T? Value { get; init; }

    /// <summary>What the callback threw, if it did.</summary>
    public Exception? Exception { get; init; }

    /// <summary>From the moment it was first asked until it ended or the fan-out did; zero if it was not asked.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>How often it was asked.</summary>
    public int Attempts { get; init; }

    /// <summary>How its answer compares with the one that was taken.</summary>
    public SlotVote Vote { get; init; }

    /// <summary>The name, what became of its part, and the fault.</summary>
    public override string ToString() => Fault == FaultClass.None ? $"{Endpoint.Name}: {State}" : $"{Endpoint.Name}: {State}, {Fault}";
}
