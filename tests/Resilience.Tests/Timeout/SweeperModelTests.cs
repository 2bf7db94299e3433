using FsCheck;
using FsCheck.Fluent;
using Resilience.Testing;

namespace Resilience.Tests.Timeouts;

/// <summary>
/// The sweeper against a sorted list: each due item fires once, at its time and not earlier, none is lost, and the timer is set to the
/// nearest and stopped when idle. A failure prints the seed; replay it with <c>Config.WithReplay</c>.
/// </summary>
public sealed class SweeperModelTests
{
    private const int Items = 6;
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(150).WithQuietOnSuccess(true);

    private enum Kind
    {
        Arm,
        Disarm,
        ArmAgain,
        Replace,
        Advance,
        Leap,
    }

    [Fact]
    public void WhenArmedDisarmedAndAdvancedInAnyOrder_ItAgreesWithASortedList() =>
        Check.One(s_config.WithName("sweeper"), Prop.ForAll(Operations(), operations => Agrees(operations, static model => model)));

    [Fact]
    public void WhenTheModelForgetsADisarming_ThePropertyCatchesIt() => Assert.ThrowsAny<Exception>(() =>
        Check.One(s_config, Prop.ForAll(Operations(), operations => Agrees(operations, static model => model with { IgnoresDisarm = true }))));

    [Fact]
    public void WhenTheModelIsATickLate_ThePropertyCatchesIt() => Assert.ThrowsAny<Exception>(() =>
        Check.One(s_config, Prop.ForAll(Operations(), operations => Agrees(operations, static model => model with { Lag = 1 }))));

    private static Arbitrary<Step[]> Operations() => Arb.From(
        (from kind in Gen.Frequency(
            (4, Gen.Constant(Kind.Arm)), (2, Gen.Constant(Kind.Disarm)), (2, Gen.Constant(Kind.ArmAgain)), (1, Gen.Constant(Kind.Replace)), (4, Gen.Constant(Kind.Advance)), (1, Gen.Constant(Kind.Leap)))
         from item in Gen.Choose(0, Items - 1)
         from ticks in Gen.Frequency((4, Gen.Choose(0, 12)), (1, Gen.Choose(0, 50_000_000)))
         select new Step(kind, item, ticks)).ArrayOf(),
        steps => Enumerable.Range(0, steps.Length).Select(i => steps.Where((_, at) => at != i).ToArray()));

    private static bool Agrees(Step[] steps, Func<Model, Model> adapt)
    {
        var time = new ManualClock();
        var clock = Clock.For(time);
        var sweeper = new Sweeper<Production>(clock);
        var log = new List<(int Item, long At, bool Late)>();
        var items = new FiringItem<Production>[Items];
        var words = new long[Items];
        FiringItem<Production> New(int number)
        {
            FiringItem<Production>? made = null;
            made = new FiringItem<Production>(sweeper) { WhenDue = () => log.Add((number, clock.Coarse, made!.WasLate)) };
            return made;
        }

        var model = adapt(new Model());
        for (var i = 0; i < Items; i++)
        {
            (items[i], words[i]) = (New(i), 1);
        }

        foreach (var step in steps)
        {
            var armed = model.Due.ContainsKey(step.Item);
            switch (step.Kind)
            {
                case Kind.Arm when !armed:
                case Kind.ArmAgain:
                    if (armed && !items[step.Item].TryDisarm(words[step.Item]))
                    {
                        return false;
                    }

                    model.Disarm(step.Item);
                    words[step.Item] = clock.Coarse + step.Ticks;
                    items[step.Item].Arm(words[step.Item]);
                    model.Arm(step.Item, words[step.Item]);
                    break;
                case Kind.Disarm:
                    if (items[step.Item].TryDisarm(words[step.Item]) != armed)
                    {
                        return false;
                    }

                    model.Forget(step.Item);
                    break;
                case Kind.Replace when !armed:
                    items[step.Item].LeaveTable();
                    items[step.Item] = New(step.Item);
                    break;
                case Kind.Advance:
                    time.Advance(new TimeSpan(step.Ticks));
                    model.Advance(clock.Coarse - step.Ticks, clock.Coarse);
                    break;
                case Kind.Leap:
                    time.Leap(new TimeSpan(step.Ticks));
                    model.Leap(clock.Coarse);
                    break;
            }

            var timerIsRight = (time.ActiveTimers == 1) == (model.Wake is not null);
            if (!timerIsRight || sweeper.Places != SweeperChunk<Production>.Size || sweeper.Taken != Items
                || !log.Order().SequenceEqual(model.Log.Order()))
            {
                return false;
            }
        }

        return true;
    }

    private readonly record struct Step(Kind Kind, int Item, int Ticks);

    // What is due when, when the timer is set to wake, and what has fired.
    private sealed record Model
    {
        public Dictionary<int, long> Due { get; } = [];

        public List<(int Item, long At, bool Late)> Log { get; } = [];

        public long? Wake { get; private set; }

        public bool IgnoresDisarm { get; init; }

        public int Lag { get; init; }

        public void Arm(int item, long word)
        {
            Due[item] = word;
            Wake = Wake is { } wake ? Math.Min(wake, word) : word;
        }

        public void Disarm(int item) => Due.Remove(item);

        public void Forget(int item)
        {
            if (!IgnoresDisarm)
            {
                Due.Remove(item);
            }
        }

        public void Advance(long from, long to)
        {
            while (Wake is { } wake && wake <= to)
            {
                Sweep(Math.Max(from, wake));
            }
        }

        public void Leap(long now)
        {
            if (Wake <= now)
            {
                Sweep(now);
            }
        }

        private void Sweep(long now)
        {
            foreach (var (item, word) in Due.Where(due => due.Value <= now).ToList())
            {
                Due.Remove(item);
                Log.Add((item, now + Lag, now - word > Sweeper<Production>.LateTicks));
            }

            Wake = Due.Count == 0 ? null : Due.Values.Min();
        }
    }
}
