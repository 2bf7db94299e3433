namespace Resilience.Rpc.Tests.Faults;

public sealed class FaultTreatmentTests
{
    [Theory]
    [InlineData(FaultClass.None, false, false, false, true)]
    [InlineData(FaultClass.Network, true, true, true, false)]
    [InlineData(FaultClass.Timeout, true, false, true, false)]
    [InlineData(FaultClass.Cancelled, false, false, false, false)]
    [InlineData(FaultClass.LostRace, false, false, false, false)]
    [InlineData(FaultClass.Server, true, false, true, false)]
    [InlineData(FaultClass.RateLimited, true, false, false, false)]
    [InlineData(FaultClass.Auth, true, false, false, false)]
    [InlineData(FaultClass.Unsupported, true, false, false, false)]
    [InlineData(FaultClass.MissingData, true, false, false, false)]
    [InlineData(FaultClass.TooLarge, true, false, false, false)]
    [InlineData(FaultClass.Client, false, false, false, true)]
    [InlineData(FaultClass.Revert, false, false, false, true)]
    [InlineData(FaultClass.TxRejected, false, false, false, true)]
    [InlineData(FaultClass.Protocol, true, false, true, false)]
    [InlineData(FaultClass.BreakerOpen, true, false, false, false)]
    [InlineData(FaultClass.NotStarted, false, false, false, false)]
    [InlineData(FaultClass.Unclassified, false, false, false, true)]
    public void EachClassHasItsTreatment(FaultClass fault, bool another, bool same, bool breaker, bool votes)
    {
        var treatment = FaultTreatment.Of(fault);
        Assert.Equal(
            (another, same, breaker, votes),
            (treatment.AnotherEndpoint, treatment.SameEndpoint, treatment.CountsForBreaker, treatment.Votes));
        Assert.Equal(same, treatment.Verdict.Again == Again.Yes);
    }

    [Fact]
    public void OnlyThrottlingAsksForAWait() =>
        Assert.Equal(
            [FaultClass.RateLimited],
            Enum.GetValues<FaultClass>().Where(fault => FaultTreatment.Of(fault).Verdict.Again == Again.After));

    [Fact]
    public void WhatIsNoClass_IsRefusedByName() =>
        Assert.Contains("fault is 99", Assert.Throws<ArgumentOutOfRangeException>(() => FaultTreatment.Of((FaultClass)99)).Message);
}
