using System.Collections.Concurrent;

namespace Resilience.Benchmarks;

/// <summary>
/// A permit from one of many keyed breakers, taken and reported, beside a hit of a concurrent dictionary on the same keys and a permit of
/// one bare breaker. Both sides' windows are full and clean.
/// </summary>
internal sealed class KeyedHits : Contest
{
    private const int Keys = 10_000;
    private const int Window = 47;

    // Coprime to the keys: each call goes to another part of the table.
    private const int Step = 7_919;
    private readonly KeyedCircuitBreakers<long> _keyed;
    private readonly ConcurrentDictionary<long, Reply> _dictionary = new();
    private readonly CircuitBreaker _breaker;

    public KeyedHits()
    {
        var options = Settings.CountBreaker with { Window = CircuitWindow.Calls(Window), MinimumCalls = Window };
        _keyed = new KeyedCircuitBreakers<long>(options, Keys);
        _breaker = new CircuitBreaker(options);
        for (var key = 0; key < Keys; key++)
        {
            _dictionary[key] = Reply.For(key);
        }

        Both(Keys * (Window + 1));
    }

    /// <inheritdoc/>
    public override long Ours(int calls)
    {
        var sum = 0L;
        var key = 0L;
        for (var i = 0; i < calls; i++)
        {
            key = Next(key);
            if (_keyed.TryAcquire(key, out var permit))
            {
                sum++;
                permit.Success();
            }
        }

        return sum;
    }

    /// <inheritdoc/>
    public override long Peer(int calls)
    {
        var sum = 0L;
        var key = 0L;
        for (var i = 0; i < calls; i++)
        {
            key = Next(key);
            if (_dictionary.TryGetValue(key, out var reply) && !reply.IsFailure && _breaker.TryAcquire(out var permit))
            {
                sum++;
                permit.Success();
            }
        }

        return sum;
    }

    /// <inheritdoc/>
    public override long Bare(int calls)
    {
        var sum = 0L;
        var key = 0L;
        for (var i = 0; i < calls; i++)
        {
            key = Next(key);
            sum += key >= 0 ? 1 : 0;
        }

        return sum;
    }

    private static long Next(long key)
    {
        key += Step;
        return key >= Keys ? key - Keys : key;
    }
}
