using Resilience.Testing;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>What another thread does to the table between a look-up and what follows it, played by the comparer of the keys.</summary>
public sealed class KeyedRaceTests
{
    private static readonly CircuitBreakerOptions s_options = new()
    {
        FailureRatio = 0.5,
        MinimumCalls = 2,
        Window = CircuitWindow.Calls(5),
    };

    private readonly Meddling _comparer = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void WhenAnotherThreadAddsTheKeyFirst_BothHaveTheSameBreaker(int comparison)
    {
        // The first comparison is the look-up's, the second that of whoever is about to add the key.
        var keyed = Make(8);
        Acquire(keyed, "first").Success();
        _comparer.Before(comparison, () => Acquire(keyed, "new").Failure());
        Acquire(keyed, "new").Failure();
        Assert.Equal(2, keyed.Count);
        Assert.Equal(CircuitState.Open, keyed.GetState("new"));
    }

    [Fact]
    public void WhenAKeyIsEvictedOnceItIsFound_ItsCallGoesThroughANewBreaker()
    {
        var keyed = Make(1);
        Acquire(keyed, "a").Failure();
        _comparer.Before(1, () => Acquire(keyed, "b").Success());
        Acquire(keyed, "a").Failure();
        var only = Assert.Single(keyed);
        Assert.Equal(("a", 1L, 0L), (only.Key, only.Value.Failures, keyed.Overflowed));
    }

    [Fact]
    public void WhenAKeyIsEvictedOnceItIsFound_ItsNewBreakerIsIsolated()
    {
        var keyed = Make(1);
        Acquire(keyed, "a").Success();
        _comparer.Before(1, () => Acquire(keyed, "b").Success());
        Assert.True(keyed.Isolate("a"));
        Assert.Equal(CircuitState.Isolated, keyed.GetState("a"));
        Assert.False(keyed.TryAcquire("a", out _));
    }

    [Fact]
    public void WhenAKeyIsEvictedDuringACall_ItsReportIsStale()
    {
        var keyed = Make(1);
        var permit = Acquire(keyed, "a");
        Acquire(keyed, "b").Success();
        permit.Failure();
        Assert.Equal(1, keyed.Stale);
        Assert.Equal(0, Assert.Single(keyed).Value.Failures);
    }

    private static Permit Acquire(KeyedCircuitBreakers<string> keyed, string key)
    {
        Assert.True(keyed.TryAcquire(key, out var permit));
        return permit;
    }

    private KeyedCircuitBreakers<string> Make(int capacity) => new(s_options, capacity, comparer: _comparer, timeProvider: new ManualClock());

    /// <summary>One hash for all keys, and something to do before a comparison answers.</summary>
    private sealed class Meddling : IEqualityComparer<string>
    {
        private int _left;
        private Action? _meddle;

        public void Before(int comparison, Action meddle) => (_left, _meddle) = (comparison, meddle);

        public bool Equals(string? x, string? y)
        {
            if (_left > 0 && --_left == 0)
            {
                _meddle!();
            }

            return string.Equals(x, y, StringComparison.Ordinal);
        }

        public int GetHashCode(string obj) => 1;
    }
}
