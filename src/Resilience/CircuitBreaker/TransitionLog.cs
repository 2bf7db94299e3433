namespace Resilience;

/// <summary>
/// The last 64 transitions of a breaker, for its subscribers to read at their own pace. Transitions arrive out of order where threads race,
/// and are read by generation: a reader waits for the one that is missing, whose publisher wakes it, and skips what was overwritten.
/// </summary>
internal sealed class TransitionLog
{
    private const int Kept = 64;
    private readonly CircuitTransition?[] _kept = new CircuitTransition?[Kept];
    private CircuitSubscription[] _subscribers = [];

    internal void Add(CircuitSubscription subscription)
    {
        for (var seen = Volatile.Read(ref _subscribers); ;)
        {
            var found = Interlocked.CompareExchange(ref _subscribers, [.. seen, subscription], seen);
            if (found == seen)
            {
                return;
            }

            seen = found;
        }
    }

    internal void Remove(CircuitSubscription subscription)
    {
        for (var seen = Volatile.Read(ref _subscribers); ;)
        {
            var found = Interlocked.CompareExchange(ref _subscribers, [.. seen.Where(other => other != subscription)], seen);
            if (found == seen)
            {
                return;
            }

            seen = found;
        }
    }

    internal void Publish(CircuitTransition transition)
    {
        ref var place = ref _kept[transition.Generation % Kept];
        for (var seen = Volatile.Read(ref place); seen is null || seen.Generation < transition.Generation;)
        {
            var found = Interlocked.CompareExchange(ref place, transition, seen);
            if (found == seen)
            {
                break;
            }

            seen = found;
        }

        foreach (var subscriber in Volatile.Read(ref _subscribers))
        {
            subscriber.Wake();
        }
    }

    /// <summary>The transition to a generation, if it is there; null when it is yet to come.</summary>
    /// <param name="generation">The generation wanted; moves past those that were overwritten.</param>
    internal CircuitTransition? Find(ref long generation)
    {
        while (true)
        {
            var found = Volatile.Read(ref _kept[generation % Kept]);
            if (found is null || found.Generation < generation)
            {
                return null;
            }

            if (found.Generation == generation)
            {
                return found;
            }

            generation++;
        }
    }
}
