using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace Resilience.Tests.Retry;

/// <summary>
/// Schedules against the same schedules in whole numbers of any size. A failure prints the seed; replay it with
/// <c>Config.WithReplay</c>.
/// </summary>
public sealed class BackoffPropertyTests
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(1_000).WithQuietOnSuccess(true);

    [Fact]
    public void WhenComparedWithExactArithmetic_EveryDelayAgrees() => CheckAll(nameof(Agrees), c => Agrees(c, c.Delay));

    [Fact]
    public void WhenAnySchedule_DelaysLieBetweenZeroAndTheCap() => CheckAll(nameof(IsBounded), c => IsBounded(c, c.Delay));

    [Fact]
    public void WhenTheCapIsLonger_NoDelayIsShorter() => CheckAll(nameof(GrowsWithCap), c => GrowsWithCap(c, c.Delay));

    [Fact]
    public void WhenTheCourseGrows_NoDelayIsShorterThanTheOneBefore() =>
        CheckAll(nameof(GrowsWithAttempt), c => GrowsWithAttempt(c, c.Delay));

    [Fact]
    public void WhenRandomByItself_DelaysLieBetweenZeroAndTheCap() => CheckAll("random", c =>
        BackoffKinds.Random(new TimeSpan(c.Base)).All(kind =>
        {
            var state = default(BackoffState);
            var backoff = kind.WithCap(new TimeSpan(c.Cap)).WithRandom(new ScriptedRandom(c.U, 1 - c.U));
            return Enumerable.Range(0, 200).Append(10_000).All(attempt =>
                backoff.GetDelay(attempt, ref state) is var delay && delay >= TimeSpan.Zero && delay.Ticks <= c.Cap);
        }));

    [Fact]
    public void WhenTheCapIsForgottenAfterTheJitter_ThePropertiesCatchIt() => AssertCaught(
        IsBounded, c => (attempt, cap) => Rounded((double)BigInteger.Min(c.Exact(attempt), cap) * Multiplier(c)));

    [Fact]
    public void WhenTheCapIsForgottenBeforeTheJitter_ThePropertiesCatchIt() => AssertCaught(
        Agrees, c => (attempt, cap) => Rounded(Math.Min(cap, (double)c.Exact(attempt) * Multiplier(c))));

    [Fact]
    public void WhenTheAttemptIsCountedFromOne_ThePropertiesCatchIt() =>
        AssertCaught(Agrees, c => (attempt, cap) => c.Delay(attempt + 1, cap));

    [Fact]
    public void WhenTheCourseOverflows_ThePropertiesCatchIt() => AssertCaught(
        GrowsWithAttempt,
        c => (attempt, cap) => new TimeSpan(Math.Min(cap, unchecked((long)(ulong)(c.Exact(attempt) & ulong.MaxValue)))));

    [Fact]
    public void WhenTheJitterGoesOneWay_ThePropertiesCatchIt() => AssertCaught(
        Agrees, c => (attempt, cap) => Rounded(Math.Min(cap, (double)BigInteger.Min(c.Exact(attempt), cap) * (1 + (c.Above * c.U)))));

    private static bool Agrees(BackoffCase c, Func<int, long, TimeSpan> delay)
    {
        var expected = c.Expected(c.Attempt, c.Cap);
        return Math.Abs(delay(c.Attempt, c.Cap).Ticks - expected) <= 0.5 + (expected * 1e-13);
    }

    private static bool IsBounded(BackoffCase c, Func<int, long, TimeSpan> delay) =>
        delay(c.Attempt, c.Cap) is var given && given >= TimeSpan.Zero && given.Ticks <= c.Cap;

    private static bool GrowsWithCap(BackoffCase c, Func<int, long, TimeSpan> delay) =>
        delay(c.Attempt, c.Cap / 2) <= delay(c.Attempt, c.Cap);

    private static bool GrowsWithAttempt(BackoffCase c, Func<int, long, TimeSpan> delay) =>
        c.Kind == "generated" || delay(c.Attempt, c.Cap) <= delay(c.Attempt + 1, c.Cap);

    private static double Multiplier(BackoffCase c) => 1 - c.Below + ((c.Below + c.Above) * c.U);

    private static TimeSpan Rounded(double ticks) => new((long)Math.Round(ticks));

    private static void CheckAll(string name, Func<BackoffCase, bool> property) =>
        Check.One(s_config.WithName(name), Prop.ForAll(BackoffCase.Any, property));

    // A fixed seed: whether a bug is caught must not depend on the run.

    private static void AssertCaught(
        Func<BackoffCase, Func<int, long, TimeSpan>, bool> property, Func<BackoffCase, Func<int, long, TimeSpan>> bad) =>
        Assert.ThrowsAny<Exception>(() => Check.One(
            s_config.WithReplay(1, 3), Prop.ForAll(BackoffCase.Any, (Func<BackoffCase, bool>)(c => property(c, bad(c))))));
}
