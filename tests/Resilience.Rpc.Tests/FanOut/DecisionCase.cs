using FsCheck;
using FsCheck.Fluent;

namespace Resilience.Rpc.Tests.FanOut;

/// <summary>Endpoints with their fates, and a schedule: numbers that pick the next event among those that may come.</summary>
internal sealed record DecisionCase(Fate[] Fates, int[] Schedule, bool DeadlineAnytime)
{
    internal static Arbitrary<DecisionCase> Any { get; } = Arb.From(Cases(), Shrink);

    public int Count => Fates.Length;

    public override string ToString() =>
        $"fates [{string.Join(' ', Fates)}], schedule [{string.Join(' ', Schedule)}]{(DeadlineAnytime ? ", deadline at any time" : "")}";

    private static Gen<DecisionCase> Cases() =>
        from count in Gen.Choose(1, 7)
        from answers in Gen.Choose(1, 3)
        from fates in Gen.ArrayOf(
            Gen.Frequency(
                (8, Gen.Choose(0, answers - 1).Select(answer => new Fate(answer))), (2, Gen.Constant(Fate.Fails)), (1, Gen.Constant(Fate.Hangs))),
            count)
        from schedule in Gen.ArrayOf(Gen.Choose(0, 1_000), 24)
        from anytime in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new DecisionCase(fates, schedule, anytime);

    private static IEnumerable<DecisionCase> Shrink(DecisionCase c)
    {
        for (var i = 0; i < c.Count && c.Count > 1; i++)
        {
            yield return c with { Fates = [.. c.Fates[..i], .. c.Fates[(i + 1)..]] };
        }

        if (c.DeadlineAnytime)
        {
            yield return c with { DeadlineAnytime = false };
        }

        for (var i = 0; i < c.Schedule.Length; i++)
        {
            if (c.Schedule[i] != 0)
            {
                yield return c with { Schedule = [.. c.Schedule[..i], 0, .. c.Schedule[(i + 1)..]] };
            }
        }
    }
}
