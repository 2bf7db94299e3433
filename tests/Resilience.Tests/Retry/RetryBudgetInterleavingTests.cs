using Resilience.Testing;
using Resilience.Tests.Interleaving;

namespace Resilience.Tests.Retry;

/// <summary>
/// The atomic words of the budgets under every schedule of a few threads, and the same suites against words with one thing wrong. A failure
/// prints its replay key, for <see cref="Explorer.Replay"/>.
/// </summary>
public sealed class RetryBudgetInterleavingTests
{
    private const int Bound = 3;

    private delegate (Func<int, bool> TryTake, Action<int> Add, Action<int> Remove) TokensOf(int capacity);

    [Fact]
    public void WhenTokensAreSharedByThreeThreads_EveryScheduleIsLinearizable() =>
        Explorer.Exhaust(3, explorer => Tokens(explorer, Product), Bound).MustHold("bounded tokens");

    [Fact]
    public void WhenTokensAreReadThenWritten_AScheduleLosesAnUpdate() =>
        Explorer.Exhaust(3, explorer => Tokens(explorer, ReadThenWrite), Bound).MustFail("bounded tokens: lost update");

    [Fact]
    public void WhenTokensAreAddedThenCut_AScheduleSeesTooMany() =>
        Explorer.Exhaust(3, explorer => Tokens(explorer, AddThenCut), Bound).MustFail("bounded tokens: above the capacity for a moment");

    [Fact]
    public void WhenPlacesAreSharedByThreeThreads_EveryScheduleIsLinearizable() => Explorer.Exhaust(3, explorer =>
    {
        var share = new Holder<InFlightShare<Explored>> { Value = new InFlightShare<Explored>(InFlightShare<Explored>.Whole / 2, 1) };
        return Places(
            explorer,
            () => share.Value.Start(),
            () => share.Value.TryTake(holds: false),
            () => share.Value.GiveBack(),
            () => share.Value.End());
    }, Bound).MustHold("in-flight share");

    [Fact]
    public void WhenAPlaceIsCheckedThenTaken_AScheduleGrantsTooMany() => Explorer.Exhaust(3, explorer =>
    {
        var (calls, retries) = (0, 0);
        return Places(explorer, () => Step(() => calls++), CheckThenTake, () => Step(() => retries--), () => Step(() => calls--));

        bool CheckThenTake()
        {
            Explored.Point(1);
            if (retries >= Math.Max(1, calls / 2))
            {
                return false;
            }

            Step(() => retries++);
            return true;
        }
    }, Bound).MustFail("in-flight share: check then take");

    [Fact]
    public void WhenTimePassesBetweenAnySteps_TheBucketGrantsWhatItsReserveAndTimeAllow() =>
        Explorer.Exhaust(3, _ => Bucket(timeFirst: false), Bound).MustHold("leaky bucket");

    [Fact]
    public void WhenTimeIsReadBeforeTheWord_AScheduleRefillsTwice() =>
        Explorer.Exhaust(3, _ => Bucket(timeFirst: true), Bound).MustFail("leaky bucket: time before word");

    private static void Step(Action action)
    {
        Explored.Point(2);
        action();
    }

    // Three tokens of at most four: takers of two and one, an adder that meets the capacity, a remover that meets zero.
    private static (Action[] Bodies, Func<bool> Check) Tokens(Explorer explorer, TokensOf make)
    {
        const int Capacity = 4;
        var (tryTake, add, remove) = make(Capacity);
        var history = new History<(char Kind, int Amount), bool>(explorer);
        Action[] bodies =
        [
            () => { Run(0, 't', 3); Run(0, 'a', 2); },
            () => { Run(1, 't', 2); Run(1, 'r', 1); },
            () => { Run(2, 'a', 3); Run(2, 't', 4); },
        ];
        return (bodies, () => Linearizability.Check(history.Operations, Capacity, (tokens, input, granted) => input.Kind switch
        {
            'a' => (true, Math.Min(Capacity, tokens + input.Amount)),
            'r' => (true, Math.Max(0, tokens - input.Amount)),
            _ => (granted == tokens >= input.Amount, granted ? tokens - input.Amount : tokens),
        }));

        void Run(int client, char kind, int amount)
        {
            Explored.Point(0);
            history.Run(client, (kind, amount), () =>
            {
                switch (kind)
                {
                    case 'a': add(amount); return true;
                    case 'r': remove(amount); return true;
                    default: return tryTake(amount);
                }
            });
        }
    }

    // Half of the calls, at least one: two calls that retry and one that comes and goes.
    private static (Action[] Bodies, Func<bool> Check) Places(
        Explorer explorer, Action start, Func<bool> tryTake, Action giveBack, Action end)
    {
        var history = new History<char, bool>(explorer);
        Action[] bodies = [Call(0), Call(1), () => { Run(2, 's'); Run(2, 'e'); }];
        return (bodies, () => Linearizability.Check(history.Operations, (Calls: 0, Retries: 0), (state, input, granted) => input switch
        {
            's' => (true, (state.Calls + 1, state.Retries)),
            'e' => (true, (state.Calls - 1, state.Retries)),
            'g' => (true, (state.Calls, state.Retries - 1)),
            _ => (granted == state.Retries < Math.Max(1, state.Calls / 2), (state.Calls, state.Retries + (granted ? 1 : 0))),
        }));

        Action Call(int client) => () =>
        {
            Run(client, 's');
            if (Run(client, 't'))
            {
                Run(client, 'g');
            }

            Run(client, 'e');
        };

        bool Run(int client, char kind)
        {
            Explored.Point(0);
            return history.Run(client, kind, () =>
            {
                switch (kind)
                {
                    case 's': start(); return true;
                    case 'e': end(); return true;
                    case 'g': giveBack(); return true;
                    default: return tryTake();
                }
            });
        }
    }

    // One retry a second, a reserve of two. Two seconds pass in one thread's steps: at most four retries in all, however they fall.
    private static (Action[] Bodies, Func<bool> Check) Bucket(bool timeFirst)
    {
        var clock = new ManualClock();
        var bucket = new Holder<LeakyBucket<Explored>> { Value = new LeakyBucket<Explored>(Clock.For(clock), 2_000, 0, 1) };
        var (balance, at) = (0L, Clock.For(clock).Coarse);
        var granted = 0;
        Action[] bodies = [() => { Take(); Take(); }, Take, () => { Pass(); Take(); Pass(); Take(); Take(); }];
        return (bodies, () => granted is >= 2 and <= 4);

        void Pass() => Step(() => clock.Advance(TimeSpan.FromSeconds(1)));

        void Take()
        {
            if (timeFirst ? TakeTimeFirst() : bucket.Value.TryTake())
            {
                granted++;
            }
        }

        bool TakeTimeFirst()
        {
            Explored.Point(1);
            var now = Clock.For(clock).Coarse;
            Explored.Point(2);
            var elapsed = Math.Max(0, now - at) / TimeSpan.TicksPerMillisecond;
            var left = Math.Min(0, balance + elapsed) - 1_000;
            if (left < -2_000)
            {
                return false;
            }

            (balance, at) = (left, now);
            return true;
        }
    }

    private static (Func<int, bool> TryTake, Action<int> Add, Action<int> Remove) Product(int capacity)
    {
        var tokens = new Holder<BoundedTokens<Explored>> { Value = new BoundedTokens<Explored>(capacity) };
        return (amount => tokens.Value.TryTake(amount), amount => tokens.Value.Add(amount), amount => tokens.Value.Remove(amount));
    }

    private static (Func<int, bool> TryTake, Action<int> Add, Action<int> Remove) ReadThenWrite(int capacity)
    {
        var tokens = capacity;
        return (Take, amount => Replace(now => Math.Min(capacity, now + amount)), amount => Replace(now => Math.Max(0, now - amount)));

        bool Take(int amount)
        {
            var enough = false;
            Replace(now => (enough = now >= amount) ? now - amount : now);
            return enough;
        }

        void Replace(Func<int, int> next)
        {
            Explored.Point(1);
            var now = tokens;
            Explored.Point(2);
            tokens = next(now);
        }
    }

    private static (Func<int, bool> TryTake, Action<int> Add, Action<int> Remove) AddThenCut(int capacity)
    {
        var tokens = capacity;
        return (Take, Add, amount => Step(() => tokens = Math.Max(0, tokens - amount)));

        bool Take(int amount)
        {
            Explored.Point(1);
            var enough = tokens >= amount;
            tokens -= enough ? amount : 0;
            return enough;
        }

        void Add(int amount)
        {
            Step(() => tokens += amount);
            Step(() => tokens = Math.Min(capacity, tokens));
        }
    }

    private sealed class Holder<T>
    {
        public T Value = default!;
    }
}
