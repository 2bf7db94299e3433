using System.Collections;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// A small circuit breaker for each key, in bounded memory: about 72 bytes a key beyond the key itself. A key's breaker is made when the key is
/// first seen and evicted when it is closed and has been idle while others came; where none can be evicted, a new key's calls go through the
/// parent. Safe for concurrent use; a call on a known key takes no lock and allocates nothing. O(1).
/// </summary>
/// <typeparam name="TKey">The key: a host, a tenant, a method. Its hash and equality must not change.</typeparam>
public sealed partial class KeyedCircuitBreakers<TKey> : IEnumerable<KeyValuePair<TKey, CircuitSnapshot>>
    where TKey : notnull
{
    private readonly SmallRules _shared;
    private readonly IEqualityComparer<TKey>? _comparer;
    private readonly Node?[] _buckets;
    private readonly bool _ownsParent;

    // Guards the links and the count; never held while a comparer runs.
    private readonly Lock _gate = new();
    private int _hand;
    private int _count;

    /// <summary>An empty table.</summary>
    /// <param name="options">
    /// For every key: a count window of at most 47 calls (23 with a slow call ratio), one probe, and no recovery, age, generator or measured time.
    /// </param>
    /// <param name="capacity">The most keys to keep: from 1 to 16,777,216.</param>
    /// <param name="parent">What the calls of keys beyond the capacity go through; null: a breaker of the same options.</param>
    /// <param name="leanOnParent">
    /// Whether a key with fewer calls than a ratio needs is refused while the parent refuses, and has its outcomes told to the parent as well.
    /// </param>
    /// <param name="comparer">How keys compare; null: as they do themselves.</param>
    /// <param name="timeProvider">The time; the system's if null.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public KeyedCircuitBreakers(
        CircuitBreakerOptions options, int capacity, CircuitBreaker? parent = null, bool leanOnParent = false,
        IEqualityComparer<TKey>? comparer = null, TimeProvider? timeProvider = null)
    {
        if (capacity is < 1 or > 1 << 24)
        {
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, $"capacity is from 1 to {1 << 24}, not {capacity}.");
        }

        _shared = new SmallRules(options, Clock.For(timeProvider ?? TimeProvider.System), parent, leanOnParent);
        _ownsParent = parent is null;

        // A null comparer lets the runtime inline the equality of value types.
        _comparer = typeof(TKey).IsValueType && ReferenceEquals(comparer, EqualityComparer<TKey>.Default) ? null : comparer;
        _buckets = new Node?[BitOperations.RoundUpToPowerOf2((uint)capacity)];
        Capacity = capacity;
    }

    /// <summary>The most keys that are kept.</summary>
    public int Capacity { get; }

    /// <summary>How many keys are kept.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>What the calls of keys beyond the capacity go through.</summary>
    public CircuitBreaker Parent => _shared.Parent;

    /// <summary>How many calls went through the parent because no key could be evicted.</summary>
    public long Overflowed => _shared.Counters.Sum(SmallRules.OverflowColumn);

    /// <summary>How many reports came from an earlier state of their key and moved nothing.</summary>
    public long Stale => _shared.Counters.Sum(SmallRules.StaleColumn);

    /// <summary>Asks to make a call.</summary>
    /// <param name="key">Whose call it is.</param>
    /// <param name="permit">What to report the outcome to or, refused, when to try again.</param>
    /// <returns>Whether the call may be made.</returns>
    public bool TryAcquire(TKey key, out Permit permit)
    {
        var hash = Hash(key);
        while (true)
        {
            var node = Find(key, hash, Volatile.Read(ref Bucket(hash))) ?? Add(key, hash);
            if (node is null)
            {
                _shared.Counters.Increment(SmallRules.OverflowColumn);
                return _shared.Parent.TryAcquire(out permit);
            }

            // Only when clear, so that a busy key's line stays shared.
            if (node.Touched == 0)
            {
                node.Touched = 1;
            }

            if (_shared.Leans && _shared.Parent.Current.MayRefuse && node.LeansStill)
            {
                return _shared.Parent.TryAcquire(out permit);
            }

            var entry = node.TryEnter(out permit);
            if (entry != Admission.Over)
            {
                return entry == Admission.Admitted;
            }

            if (node.State.Kind == SmallState.KindOf.Evicted)
            {
                // Who evicts it unlinks it before letting go of the gate: to wait there spares a spin.
                _gate.Enter();
                _gate.Exit();
            }
        }
    }

    /// <summary>The state of a key's breaker; closed where it has none.</summary>
    /// <param name="key">The key.</param>
    public CircuitState GetState(TKey key)
    {
        var hash = Hash(key);
        return Find(key, hash, Volatile.Read(ref Bucket(hash)))?.Shown ?? CircuitState.Closed;
    }

    /// <summary>Refuses every call of a key until it is reset.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether the key has a breaker of its own: not when the table is full of keys that cannot be evicted.</returns>
    public bool Isolate(TKey key) => Force(key, SmallState.KindOf.Isolated);

    /// <summary>Closes a key's breaker with an empty window.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether the key has a breaker of its own.</returns>
    public bool Reset(TKey key) => Force(key, SmallState.KindOf.Closed);

    /// <summary>
    /// Puts other options in force for every key, known or new, and for the parent where the table made it. Each key keeps its state and
    /// its outcomes; a break or a probe under way ends as it began.
    /// </summary>
    /// <param name="options">As at the start, with a window of the same length that counts slow calls as before, or does not as before.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the window is another.</exception>
    public void Reconfigure(CircuitBreakerOptions options)
    {
        _shared.Reconfigure(options);
        if (_ownsParent)
        {
            Parent.Reconfigure(options);
        }
    }

    /// <summary>Each key with its breaker as it is when it is reached; keys that come or go meanwhile may be missed.</summary>
    public IEnumerator<KeyValuePair<TKey, CircuitSnapshot>> GetEnumerator()
    {
        for (var i = 0; i < _buckets.Length; i++)
        {
            for (var node = Volatile.Read(ref _buckets[i]); node is not null; node = Volatile.Read(ref node.Next))
            {
                var tally = node.Tally;
                yield return new(node.Key, new CircuitSnapshot
                {
                    State = node.Shown,
                    DecidingState = node.Shown,
                    Generation = node.State.Generation,
                    Calls = tally.Calls,
                    Failures = tally.Failures,
                    SlowCalls = tally.Slow,
                    MinimumCalls = _shared.Rules.Least,
                });
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Hash(TKey key)
    {
        // The upper bits are folded in, for the buckets are chosen by the lower ones; keys in a row stay in a row.
        var hash = (uint)(_comparer is null ? key.GetHashCode() : _comparer.GetHashCode(key));
        return (int)(hash ^ (hash >> 7) ^ (hash >> 16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Node? Bucket(int hash) => ref _buckets[hash & (_buckets.Length - 1)];

    private Node? Find(TKey key, int hash, Node? from)
    {
        var comparer = _comparer;
        for (var node = from; node is not null; node = Volatile.Read(ref node.Next))
        {
            if (node.Hash == hash && (comparer is null ? EqualityComparer<TKey>.Default.Equals(node.Key, key) : comparer.Equals(node.Key, key)))
            {
                return node;
            }
        }

        return null;
    }

    private bool Force(TKey key, SmallState.KindOf kind)
    {
        var hash = Hash(key);
        while ((Find(key, hash, Volatile.Read(ref Bucket(hash))) ?? Add(key, hash)) is { } node)
        {
            if (node.Force(kind))
            {
                return true;
            }
        }

        return false;
    }

    private sealed class Node(SmallRules shared, TKey key, int hash) : SmallBreaker<Production>(shared)
    {
        public readonly TKey Key = key;
        public readonly int Hash = hash;

        // Whether a call has come since the hand last passed. A touch that races with the hand is lost, and costs a spare.
        public int Touched = 1;
        public Node? Next;
    }
}
