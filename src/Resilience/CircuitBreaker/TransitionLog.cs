namespace Resilience;

/// <summary>
/// The last 64 transitions of a breaker, for its subscribers to read at their own pace. Transitions arrive out of order where threads race,
/// and are read by generation: a reader waits for the one that is missing, whose publisher wakes it, and skips what was overwritten.
/// </summary>
internal sealed class TransitionLog<TI>
    where TI : struct, IInterleaving
{
    private const int Kept = 64;
    private readonly CircuitTransition?[] _kept = new CircuitTransition?[Kept];
    private ITransitionReader[] _readers = [];

    internal void Add(ITransitionReader reader)
    {
        for (var seen = Volatile.Read(ref _readers); ;)
        {
            TI.Point(110);
            var found = Interlocked.CompareExchange(ref _readers, [.. seen, reader], seen);
            if (found == seen)
            {
                return;
            }

            seen = found;
        }
    }

    internal void Remove(ITransitionReader reader)
    {
        for (var seen = Volatile.Read(ref _readers); ;)
        {
            TI.Point(110);
            var found = Interlocked.CompareExchange(ref _readers, [.. seen.Where(other => other != reader)], seen);
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
        TI.Point(111);
        for (var seen = Volatile.Read(ref place); seen is null || seen.Generation < transition.Generation;)
        {
            TI.Point(112);
            var found = Interlocked.CompareExchange(ref place, transition, seen);
            if (found == seen)
            {
                break;
            }

            seen = found;
        }

        TI.Point(113);
        foreach (var reader in Volatile.Read(ref _readers))
        {
            reader.Wake();
        }
    }

    /// <summary>The transition to a generation, if it is there; null when it is yet to come.</summary>
    /// <param name="generation">The generation wanted; moves past those that were overwritten.</param>
    internal CircuitTransition? Find(ref long generation)
    {
        while (true)
        {
            TI.Point(114);
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
