using System.Runtime.CompilerServices;
using Microsoft.Extensions.ObjectPool;

namespace Resilience;

/// <summary>What a built pipeline is: its strategies from the outside in, and what the loop needs to know of them. Immutable.</summary>
internal sealed class PipelineCore
{
    internal const int MaxStrategies = 64;

    internal readonly Strategy[] Strategies;
    internal readonly Clock Clock;
    internal readonly bool UsesFineClock;

    internal readonly ExceptionClassifier ExceptionClassifier;

    /// <summary>A <see cref="Classifier{T}"/> for results and exceptions; null when every result is a success.</summary>
    internal readonly object? ResultClassifier;

    /// <summary>Whether a call needs none of: more slots than the stack has, a guarded flow.</summary>
    internal readonly bool IsPlain;

    /// <summary>Whether few slots are enough.</summary>
    internal readonly bool IsShallow;

    /// <summary>
    /// Whether a call that ends well at once concerns no strategy but <see cref="Gate"/> and timeouts that are always the same:
    /// <see cref="ShortCall{TState,T,TParts}"/>.
    /// </summary>
    internal readonly bool IsShort;

    /// <summary>Whether a short line needs <see cref="FewParts"/> only.</summary>
    internal readonly bool HasFewParts;

    /// <summary>Whether a short line needs <see cref="RuleParts"/> only.</summary>
    internal readonly bool HasRulesAtMost;

    /// <summary>The shortest of the timeouts of a pipeline that is short; zero if it has none.</summary>
    internal readonly TimeSpan ShortTimeout;

    /// <summary>The circuit breaker of a pipeline that is short, if it has one.</summary>
    internal readonly CircuitBreaker? Gate;
    internal readonly int GatePosition;

    /// <summary>How often the innermost strategy of a pipeline that is short asks for another attempt at once, and asks nobody.</summary>
    internal readonly int RetriesAtOnce;

    internal readonly bool GuardsFlow;

    /// <summary>Whether a call that must wait may have to be split into attempts.</summary>
    internal readonly bool Hedges;

    /// <summary>Whether one strategy hedges and nothing is inside it, so that an attempt is its callback: <see cref="AttemptCall{TCall, T}"/>.</summary>
    internal readonly bool HedgesCallback;
    internal readonly bool LeavesAttempts;
    internal readonly bool OwnsSourcePerAttempt;
    internal readonly bool ContinuesOnCapturedContext;
    internal readonly string? AsyncOnly;
    internal readonly ObjectPool<Slot[]> DeepSlots;

    internal PipelineCore(
        string? name,
        Strategy[] strategies,
        ExceptionClassifier exceptionClassifier,
        object? resultClassifier,
        Clock clock,
        PipelineSettings settings)
    {
        Name = name;
        Strategies = strategies;
        Description = Array.AsReadOnly(strategies);
        ExceptionClassifier = exceptionClassifier;
        ResultClassifier = resultClassifier;
        Clock = clock;
        OwnsSourcePerAttempt = settings.OwnCancellationSourcePerAttempt;
        ContinuesOnCapturedContext = settings.ContinueOnCapturedContext;
        UsesFineClock = clock.HasTwoScales && strategies.Any(s => s.NeedsFineClock);
        GuardsFlow = strategies.Any(s => s.RunsForeignCode);
        Hedges = strategies.Any(s => s.Hedging is not null);
        HedgesCallback = Hedges && !ContinuesOnCapturedContext && Array.FindIndex(strategies, s => s.Hedging is not null) == strategies.Length - 1;
        LeavesAttempts = strategies.Any(s => s.LeavesAttempts);
        AsyncOnly = strategies.FirstOrDefault(s => !s.SupportsSynchronousCalls)?.Name;
        DeepSlots = new DefaultObjectPool<Slot[]>(new SlotsPolicy(strategies.Length), PoolLimits.Retained);
        IsShallow = strategies.Length <= ShallowSlots.Capacity;
        IsPlain = !GuardsFlow && strategies.Length <= SlotBuffer.Capacity;
        GatePosition = Array.FindIndex(strategies, s => s is CircuitBreakerStrategy);
        Gate = GatePosition >= 0 ? ((CircuitBreakerStrategy)strategies[GatePosition]).Breaker : null;
        IsShort = strategies.Length <= SlotBuffer.Capacity
            && strategies.Index().All(s => s.Item is TimeoutStrategy { OwnTimeout.Ticks: <= Clock.MaxDelay }
                || s.Item.IgnoresSuccess
                || (s.Index == GatePosition && !s.Item.RunsForeignCode));
        if (IsShort)
        {
            ShortTimeout = strategies.OfType<TimeoutStrategy>().Select(s => s.OwnTimeout).DefaultIfEmpty().Min();
            RetriesAtOnce = Gate is null && ShortTimeout == TimeSpan.Zero && strategies.Length > 0 ? strategies[^1].RetriesAtOnce : 0;
            HasRulesAtMost = ShortTimeout == TimeSpan.Zero && RetriesAtOnce == 0;
            HasFewParts = HasRulesAtMost && resultClassifier is null;
        }
    }

    internal string? Name { get; }

    internal IReadOnlyList<Strategy> Description { get; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal long ReadClock() => UsesFineClock ? Clock.Fine : Clock.Coarse;

    /// <summary>The sweeper's word for a deadline of this pipeline.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal long Word(long deadline) => Clock.Word(deadline, UsesFineClock);

    /// <summary>The deadline that lies <paramref name="timeout"/> after a reading of <see cref="ReadClock"/>; beyond what can be waited for, none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal long DeadlineAfter(TimeSpan timeout, long now) =>
        timeout.Ticks > Clock.MaxDelay ? CallFrame.NoDeadline : now + Clock.Reach(timeout.Ticks, UsesFineClock);

    public override string ToString() =>
        $"{Name ?? "pipeline"} [{string.Join(" → ", Strategies.Select(s => s.ToString()))}]";

    internal void ThrowIfAsyncOnly()
    {
        if (AsyncOnly is not null)
        {
            throw new InvalidOperationException(
                $"The strategy '{AsyncOnly}' needs an asynchronous call: use ExecuteAsync, or build a pipeline without it for Execute.");
        }
    }

    private sealed class SlotsPolicy(int length) : PooledObjectPolicy<Slot[]>
    {
        public override Slot[] Create() => new Slot[length];

        public override bool Return(Slot[] obj)
        {
            Array.Clear(obj);
            return true;
        }
    }
}
