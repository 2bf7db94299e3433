using FsCheck;
using FsCheck.Fluent;
using Resilience.Testing;
using Resilience.Tests.Interleaving;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>Keys that lean on their parent, and options that change under live keys, beside single breakers that do the same by hand.</summary>
public sealed class KeyedLeaningTests
{
    private const int Keys = 3;
    private static readonly CircuitBreakerOptions s_options = new()
    {
        FailureRatio = 0.5,
        MinimumCalls = 3,
        Window = CircuitWindow.Calls(6),
        ProbeLease = TimeSpan.FromSeconds(3),
    };

    private static readonly CircuitBreakerOptions s_parent = s_options with { Window = CircuitWindow.Calls(12), MinimumCalls = 6 };
    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhenKeysLean_EachDoesAsABreakerThatAsksItsParentUntilItHasCalls(bool slow)
    {
        var options = s_options with { SlowCallRatio = slow ? 0.6 : null };
        var property = Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), steps =>
        {
            var life = new Life(options, s_parent);
            return steps.All(life.Agrees);
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_500).WithEndSize(250).WithQuietOnSuccess(true), property);
        Suite.Report($"model: keyed breakers that lean{(slow ? ", with slow calls" : "")}", "1,500 lives");
    }

    [Fact]
    public void WhenOptionsChange_KeysKeepTheirStateAndOutcomes_AndTheParentFollows()
    {
        var keyed = new KeyedCircuitBreakers<int>(s_options, 8, timeProvider: _clock);
        Fail(keyed, 1, 3);
        Fail(keyed, 2, 2);
        keyed.Reconfigure(s_options with { MinimumCalls = 2, BreakDuration = TimeSpan.FromMinutes(1), Name = "next" });
        Assert.Equal((CircuitState.Open, CircuitState.Closed), (keyed.GetState(1), keyed.GetState(2)));
        Assert.Equal("next", keyed.Parent.Options.Name);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True(keyed.TryAcquire(1, out _));
        Fail(keyed, 2, 1);
        Assert.Equal(CircuitState.Open, keyed.GetState(2));
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.False(keyed.TryAcquire(2, out _));
    }

    [Fact]
    public void WhenTheParentIsGiven_NewOptionsAreNotForIt()
    {
        var parent = new CircuitBreaker(s_parent, _clock);
        var keyed = new KeyedCircuitBreakers<int>(s_options, 8, parent, timeProvider: _clock);
        keyed.Reconfigure(s_options with { Name = "next" });
        Assert.Same(s_parent, parent.Options);
    }

    [Fact]
    public void WhenAnotherWindowIsAskedFor_ItIsRefused_AndTheOldOptionsHold()
    {
        var keyed = new KeyedCircuitBreakers<int>(s_options, 8, timeProvider: _clock);
        foreach (var other in new[] { s_options with { Window = CircuitWindow.Calls(7) }, s_options with { SlowCallRatio = 0.5 }, s_options with { Probes = 2 } })
        {
            Assert.ThrowsAny<ArgumentException>(() => keyed.Reconfigure(other));
        }

        Fail(keyed, 1, 3);
        Assert.Equal(CircuitState.Open, keyed.GetState(1));
    }

    private static void Fail(KeyedCircuitBreakers<int> keyed, int key, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.True(keyed.TryAcquire(key, out var permit));
            permit.Failure();
        }
    }

    /// <summary>A table, and a breaker for each key beside a parent, which the test asks in the table's place.</summary>
    private sealed class Life
    {
        private readonly CircuitBreakerOptions _options;
        private readonly ManualClock _clock = new();
        private readonly CircuitBreaker _parentOfTable;
        private readonly CircuitBreaker _parent;
        private readonly KeyedCircuitBreakers<int> _table;
        private readonly CircuitBreaker[] _singles;
        private readonly List<(int Key, bool Own, Permit Table, Permit Single)> _permits = [];
        private int _least;

        public Life(CircuitBreakerOptions options, CircuitBreakerOptions parent)
        {
            _options = options;
            _least = options.MinimumCalls;
            _parentOfTable = new CircuitBreaker(parent, _clock);
            _parent = new CircuitBreaker(parent, _clock);
            _table = new KeyedCircuitBreakers<int>(options, Keys, _parentOfTable, leanOnParent: true, timeProvider: _clock);
            _singles = [.. Enumerable.Range(0, Keys).Select(_ => new CircuitBreaker(options, _clock))];
        }

        public bool Agrees(byte step)
        {
            var agrees = step switch
            {
                < 110 => Acquire(step % Keys),
                < 220 => _permits.Count == 0 || Report(Math.Max(0, _permits.Count - 1 - (step % 4)), step % 7),
                < 250 => Advance(TimeSpan.FromMilliseconds((step - 219) * 200)),
                _ => Reconfigure(2 + (step % 3)),
            };
            return agrees && Shown(_parentOfTable) == Shown(_parent) && Enumerable.Range(0, Keys).All(key => _table.GetState(key) == _singles[key].State);
        }

        private static (CircuitState, long, long, long) Shown(CircuitBreaker breaker) =>
            breaker.Snapshot is var s ? (s.State, s.Calls, s.Failures, s.SlowCalls) : default;

        private bool Leans(CircuitBreaker single) => single.State == CircuitState.Closed && single.Snapshot.Calls < _least;

        private bool Acquire(int key)
        {
            var single = _singles[key];
            var own = !Leans(single) || _parent.State == CircuitState.Closed;
            var admitted = _table.TryAcquire(key, out var mine);
            var expected = (own ? single : _parent).TryAcquire(out var its);
            _permits.Add((key, own, mine, its));
            return admitted == expected;
        }

        private bool Report(int index, int what)
        {
            var (key, own, mine, its) = _permits[index];
            var single = _singles[key];
            var generation = single.Snapshot.Generation;
            Say(ref mine, what);

            // A report to a key that leans is told to the parent first; a permit of an earlier state is nobody's.
            if (own && what != 2 && Leans(single) && its.Reporter is Phase { Origin.Generation: var given } && given == generation
                && _parent.TryAcquire(out var told))
            {
                Say(ref told, what);
            }

            Say(ref its, what);
            _permits[index] = (key, own, mine, its);
            return true;
        }

        private bool Advance(TimeSpan by)
        {
            _clock.Advance(by);
            return true;
        }

        private bool Reconfigure(int least)
        {
            var options = _options with { MinimumCalls = least };
            _least = least;
            _table.Reconfigure(options);
            Array.ForEach(_singles, single => single.Reconfigure(options));
            return true;
        }

        private void Say(ref Permit permit, int what)
        {
            switch (what)
            {
                case 1 or 5: permit.Failure(); break;
                case 2: permit.Ignore(); break;
                case 3 when _options.SlowCallRatio is not null: permit.SlowSuccess(); break;
                default: permit.Success(); break;
            }
        }
    }
}
