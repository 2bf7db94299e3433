namespace Resilience.Tests.Execution;

/// <summary>A rejection as a value, and the exception that carries it.</summary>
public sealed class RejectionTests
{
    private static readonly Probe s_limiter = new("limiter");
    private static readonly TimeSpan s_wait = TimeSpan.FromMilliseconds(1_250);

    [Fact]
    public void WhenSourceReasonAndWaitAreTheSame_RejectionsAreEqual_AndOtherwiseNot()
    {
        var first = Refused(s_limiter, RejectionReason.Refused, s_wait);
        var same = Refused(s_limiter, RejectionReason.Refused, s_wait);
        Assert.True(first == same && first.Equals((object)same));
        Assert.False(first != same);
        Assert.Equal(first.GetHashCode(), same.GetHashCode());
        foreach (var other in new[]
        {
            default,
            Refused(new Probe("limiter"), RejectionReason.Refused, s_wait),
            Refused(s_limiter, RejectionReason.CircuitOpen, s_wait),
            Refused(s_limiter, RejectionReason.Refused, TimeSpan.Zero),
        })
        {
            Assert.True(first != other);
            Assert.False(first == other || first.Equals((object)other));
        }

        Assert.False(first.Equals("limiter"));
        Assert.False(first.Equals(null));
    }

    [Fact]
    public void WhenDescribed_ItSaysWhoWhyAndWhenToTryAgain()
    {
        Assert.Equal("limiter refused the call: Refused, try again after 1.25 s", Refused(s_limiter, RejectionReason.Refused, s_wait).ToString());
        Assert.Equal("limiter refused the call: Refused", Refused(s_limiter, RejectionReason.Refused, TimeSpan.Zero).ToString());
        Assert.EndsWith(" refused the call: " + default(RejectionReason), default(Rejection).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WhenThrown_TheExceptionTellsAllOfIt()
    {
        var thrown = Assert.Throws<RejectedException>(() => Refusing(s_limiter, RejectionReason.Refused, s_wait).Execute(static (CancellationToken _) => 1));
        Assert.Equal((RejectionReason.Refused, s_wait), (thrown.Reason, thrown.RetryAfter));
        Assert.Equal(Refused(s_limiter, RejectionReason.Refused, s_wait), thrown.Rejection);
        Assert.Equal(thrown.Rejection.ToString(), thrown.Message);
    }

    [Fact]
    public void WhenAWaitIsLongerThanAVerdictHolds_ItCountsAsTheLongest()
    {
        Assert.Equal(Verdict.MaxRetryAfter, Verdict.Throttled(TimeSpan.MaxValue).RetryAfter);
        Assert.Equal(Verdict.MaxRetryAfter, Verdict.Throttled(Verdict.MaxRetryAfter).RetryAfter);
        Assert.InRange(Verdict.MaxRetryAfter, TimeSpan.FromDays(365 * 1_000), TimeSpan.MaxValue);
    }

    private static Pipeline Refusing(Strategy source, RejectionReason reason, TimeSpan wait) =>
        Pipelines.Of(new Probe { Enters = (ref CallFrame frame, ref Slot _) => frame.Refuse(source, reason, wait) });

    private static Rejection Refused(Strategy source, RejectionReason reason, TimeSpan wait) =>
        Assert.NotNull(Refusing(source, reason, wait).ExecuteOutcome(static (CancellationToken _) => 1).Rejection);
}
