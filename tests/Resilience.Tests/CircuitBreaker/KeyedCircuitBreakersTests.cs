using FsCheck;
using FsCheck.Fluent;
using Resilience.Testing;
using Resilience.Tests.Interleaving;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>Small breakers by key: each like a breaker of its own, in bounded memory.</summary>
public sealed class KeyedCircuitBreakersTests
{
    private static readonly CircuitBreakerOptions s_options = new()
    {
        FailureRatio = 0.5,
        MinimumCalls = 2,
        Window = CircuitWindow.Calls(5),
        ProbeLease = TimeSpan.FromSeconds(3),
    };

    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(true, 2)]
    [InlineData(false, 3)]
    public void WhenAnythingHappensToAKey_ItDoesAsABreakerOfItsOwn(bool slow, int? consecutive)
    {
        var options = s_options with { SlowCallRatio = slow ? 0.6 : null, ConsecutiveFailures = consecutive, BreakGrowth = 2 };
        var property = Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), steps =>
        {
            var clock = new ManualClock();
            var keyed = new KeyedCircuitBreakers<int>(options, 4, timeProvider: clock);
            var single = new CircuitBreaker(options, clock);
            var permits = new List<(Permit Keyed, Permit Single)>();
            foreach (var step in steps)
            {
                if (step < 90)
                {
                    if (keyed.TryAcquire(7, out var mine) != single.TryAcquire(out var its))
                    {
                        return false;
                    }

                    permits.Add((mine, its));
                }
                else if (step < 120)
                {
                    clock.Advance(TimeSpan.FromMilliseconds((step - 89) * 100));
                }
                else if (permits.Count > 0)
                {
                    var index = Math.Max(0, permits.Count - 1 - (step % 3));
                    var (mine, its) = permits[index];
                    Say(ref mine, step % 5);
                    Say(ref its, step % 5);
                    permits[index] = (mine, its);
                }

                var seen = keyed.SingleOrDefault().Value;
                var expected = single.Snapshot;
                var window = expected.State == CircuitState.Closed ? (expected.Calls, expected.Failures, expected.SlowCalls) : (0, 0, 0);
                if (keyed.GetState(7) != single.State || (seen.Calls, seen.Failures, seen.SlowCalls) != window)
                {
                    return false;
                }
            }

            return true;
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(200).WithQuietOnSuccess(true), property);
        Suite.Report("model: keyed breaker beside a single one", "2,000 lives");
    }

    [Fact]
    public void WhenTheTableIsFull_IdleKeysLeave_AndOpenOnesStay()
    {
        var keyed = new KeyedCircuitBreakers<int>(s_options, 8, timeProvider: _clock);
        Fail(keyed, 0, 2);
        for (var key = 1; key < 1_000; key++)
        {
            Assert.True(keyed.TryAcquire(key, out var permit));
            permit.Success();
        }

        Assert.Equal(8, keyed.Count);
        Assert.Equal(CircuitState.Open, keyed.GetState(0));
    }

    [Fact]
    public void WhenNoKeyCanBeEvicted_ANewOneGoesThroughTheParent_AndIsCounted()
    {
        var parent = new CircuitBreaker(s_options, _clock);
        var keyed = new KeyedCircuitBreakers<int>(s_options, 4, parent, timeProvider: _clock);
        for (var key = 0; key < 4; key++)
        {
            Assert.True(keyed.Isolate(key));
        }

        Assert.True(keyed.TryAcquire(99, out var permit));
        permit.Failure();
        Assert.Equal(1, keyed.Overflowed);
        Assert.Equal(1, parent.Snapshot.Failures);
        Assert.False(keyed.Isolate(99));
    }

    [Fact]
    public void WhenAKeyIsIsolated_ItsCallsAreRefusedForGood_UntilItIsReset()
    {
        var keyed = new KeyedCircuitBreakers<int>(s_options, 4, timeProvider: _clock);
        Assert.True(keyed.Isolate(1));
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.False(keyed.TryAcquire(1, out var refused));
        Assert.Equal((true, Timeout.InfiniteTimeSpan), (refused.IsIsolated, refused.RetryAfter));
        Assert.Equal((CircuitState.Isolated, CircuitState.Closed), (keyed.GetState(1), keyed.GetState(2)));
        Assert.True(keyed.TryAcquire(2, out var other));
        Assert.Equal((false, TimeSpan.Zero), (other.IsIsolated, other.RetryAfter));
        Assert.True(keyed.Reset(1));
        Assert.Equal(CircuitState.Closed, keyed.GetState(1));
        Assert.True(keyed.TryAcquire(1, out _));
    }

    [Fact]
    public void WhenAKeyIsReset_ItsWindowIsEmpty_AndWhatBeganBeforeIsStale()
    {
        var keyed = new KeyedCircuitBreakers<int>(s_options, 4, timeProvider: _clock);
        Fail(keyed, 1, 1);
        Assert.True(keyed.TryAcquire(1, out var before));
        Assert.True(keyed.Reset(1));
        Assert.Equal((0L, 0L), (keyed.Single().Value.Calls, keyed.Stale));
        before.Failure();
        Assert.Equal((0L, 1L), (keyed.Single().Value.Failures, keyed.Stale));
    }

    [Fact]
    public void WhenAProbesPermitLeavesTheCallsInFlight_ItIsStillReported()
    {
        var keyed = new KeyedCircuitBreakers<int>(s_options, 4, timeProvider: _clock);
        Fail(keyed, 1, 2);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.True(keyed.TryAcquire(1, out var probe));
        Assert.Equal(CircuitState.HalfOpen, keyed.GetState(1));
        probe.LeaveInFlight();
        probe.Success();
        Assert.Equal(CircuitState.Closed, keyed.GetState(1));
    }

    [Fact]
    public void WhenTheTableIsListed_EachKeyIsThereOnce()
    {
        var keyed = new KeyedCircuitBreakers<int>(s_options, 4, comparer: EqualityComparer<int>.Default, timeProvider: _clock);
        Fail(keyed, 1, 1, succeedFirst: 2);
        Fail(keyed, 2, 1);
        Fail(keyed, 1, 0, succeedFirst: 1);
        Assert.Equal([(1, 4L), (2, 1L)], keyed.Select(pair => (pair.Key, pair.Value.Calls)).Order());
        var listed = new List<object>();
        foreach (var pair in (System.Collections.IEnumerable)keyed)
        {
            listed.Add(((KeyValuePair<int, CircuitSnapshot>)pair).Key);
        }

        Assert.Equal(keyed.Select(pair => (object)pair.Key), listed);
    }

    [Fact]
    public void WhenAKeyIsNew_ItLeansOnItsParent_UntilItHasCallsOfItsOwn()
    {
        var parent = new CircuitBreaker(s_options with { Window = CircuitWindow.Calls(50), MinimumCalls = 4 }, _clock);
        var keyed = new KeyedCircuitBreakers<string>(s_options, 4, parent, leanOnParent: true, timeProvider: _clock);
        Fail(keyed, "old", 1, succeedFirst: 2);
        Assert.Equal(2, parent.Snapshot.Calls);
        parent.Isolate();
        Assert.False(keyed.TryAcquire("new", out _));
        Assert.True(keyed.TryAcquire("old", out _));
    }

    [Fact]
    public void WhenKeysCollide_EachKeepsItsOwnBreaker()
    {
        var keyed = new KeyedCircuitBreakers<string>(s_options, 16, comparer: new Colliding(), timeProvider: _clock);
        Fail(keyed, "a", 2);
        Assert.True(keyed.TryAcquire("b", out _));
        Assert.Equal(CircuitState.Open, keyed.GetState("a"));
        Assert.Equal(CircuitState.Closed, keyed.GetState("b"));
    }

    [Fact]
    public void WhenAnOptionIsNotForKeys_TheMessageNamesIt()
    {
        Assert.Contains("Window", Refused(s_options with { Window = CircuitWindow.Calls(48) }), StringComparison.Ordinal);
        Assert.Contains("Window", Refused(s_options with { Window = CircuitWindow.Time(TimeSpan.FromSeconds(1)) }), StringComparison.Ordinal);
        Assert.Contains("Probes", Refused(s_options with { Probes = 2 }), StringComparison.Ordinal);
        Assert.Contains("MaxAge", Refused(s_options with { Window = CircuitWindow.Calls(5, TimeSpan.FromMinutes(1)) }), StringComparison.Ordinal);
        Assert.Contains("ConsecutiveFailures", Refused(s_options with { ConsecutiveFailures = 6 }), StringComparison.Ordinal);
        Assert.Contains("Recovery", Refused(s_options with { Recovery = TimeSpan.FromSeconds(1) }), StringComparison.Ordinal);
        Assert.Contains("BreakDurationGenerator", Refused(s_options with { BreakDurationGenerator = static _ => default }), StringComparison.Ordinal);
        var slow = s_options with { SlowCallRatio = 0.5, SlowCallDuration = TimeSpan.FromSeconds(1) };
        Assert.Contains("SlowCallDuration", Refused(slow), StringComparison.Ordinal);
        Assert.Contains("InitialState", Refused(s_options with { InitialState = CircuitState.Shadow }), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyedCircuitBreakers<int>(s_options, 0));
    }

    [Fact]
    public void WhenKeysAreHit_NothingIsAllocated()
    {
        var keyed = new KeyedCircuitBreakers<long>(s_options, 100, timeProvider: _clock);
        var call = 0;
        Assert.Equal(0, Execution.Allocations.Of(() =>
        {
            keyed.TryAcquire(call % 50, out var permit);
            if (call++ % 10 == 0)
            {
                permit.Failure();
            }
            else
            {
                permit.Success();
            }
        }));
    }

    [Fact]
    public void WhenThreadsTripReportAndProbeASmallBreaker_OneTransitionWins()
    {
        Explorer.Exhaust(2, _ => Small(out var breaker, 2) is var permits && true
            ? ([() => Fail(permits[0]), () => Fail(permits[1])], () => breaker.State is { Kind: SmallState.KindOf.Open, Generation: 1 })
            : default, 3).MustHold("interleavings: small breaker, two trips");
        Explorer.Exhaust(3, _ =>
        {
            var clock = new ManualClock();
            var breaker = new SmallBreaker<Explored>(new SmallRules(s_options with { MinimumCalls = 1 }, Clock.For(clock), null, false));
            breaker.TryEnter(out var first);
            first.Failure();
            clock.Advance(TimeSpan.FromSeconds(10));
            var given = 0;
            Action take = () =>
            {
                var entry = breaker.TryEnter(out var _);
                if (entry == Admission.Admitted)
                {
                    given++;
                }
            };
            return ([take, take, take], () => given == 1);
        }, 3).MustHold("interleavings: small breaker, three for one probe");
    }

    private static SmallBreaker<Explored> Small(out SmallBreaker<Explored> breaker) =>
        breaker = new SmallBreaker<Explored>(new SmallRules(s_options with { MinimumCalls = 1 }, Clock.For(new ManualClock()), null, false));

    private static Permit[] Small(out SmallBreaker<Explored> breaker, int count)
    {
        Small(out breaker);
        var permits = new Permit[count];
        for (var i = 0; i < count; i++)
        {
            breaker.TryEnter(out permits[i]);
        }

        return permits;
    }

    private static void Fail(Permit permit) => permit.Failure();

    private static string Refused(CircuitBreakerOptions options) => Assert.Throws<ArgumentException>(() => new KeyedCircuitBreakers<int>(options, 4)).Message;

    private static void Fail<TKey>(KeyedCircuitBreakers<TKey> keyed, TKey key, int times, int succeedFirst = 0)
        where TKey : notnull
    {
        for (var i = 0; i < succeedFirst + times; i++)
        {
            Assert.True(keyed.TryAcquire(key, out var permit));
            Say(ref permit, i < succeedFirst ? 0 : 1);
        }
    }

    private static void Say(ref Permit permit, int what)
    {
        switch (what)
        {
            case 0: permit.Success(); break;
            case 1: permit.Failure(); break;
            case 2: permit.Ignore(); break;
            case 3: permit.SlowSuccess(); break;
            default: permit.Success(); break;
        }
    }

    private sealed class Colliding : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public int GetHashCode(string obj) => 1;
    }
}
