namespace Resilience;

/// <content>
/// What budget and tracker are told and asked. They may be a user's own, and most of it happens where nobody is on the stack who could catch what
/// they throw: that is raised as unobserved and stands for no, and the call goes on.
/// </content>
internal sealed partial class HedgingStrategy
{
    /// <summary>Tells the tracker how long a first attempt took.</summary>
    internal void Record(long ticks)
    {
        try
        {
            delay.Tracker?.Record(new TimeSpan(ticks));
        }
        catch (Exception exception)
        {
            UnobservedFault.Report(exception);
        }
    }

    /// <summary>Tells the budget of an attempt that speaks against the dependency.</summary>
    internal void TellFailure()
    {
        try
        {
            budget?.OnFailure();
        }
        catch (Exception exception)
        {
            UnobservedFault.Report(exception);
        }
    }

    /// <summary>Tells the budget of the end of an attempt that it granted.</summary>
    internal void Settle(bool success, ref RetryDebt debt)
    {
        try
        {
            budget?.Settle(success, ref debt);
        }
        catch (Exception exception)
        {
            UnobservedFault.Report(exception);
        }
    }

    /// <summary>Tells the budget of the end of a call of whose start it was told.</summary>
    internal void TellEnd(bool success, RetryDebt debt)
    {
        try
        {
            budget?.OnEnd(success, ref debt);
        }
        catch (Exception exception)
        {
            UnobservedFault.Report(exception);
        }
    }

    private void TellStart()
    {
        try
        {
            budget?.OnStart();
        }
        catch (Exception exception)
        {
            UnobservedFault.Report(exception);
        }
    }

    private bool IsGranted(ref RetryDebt owed)
    {
        try
        {
            return budget?.TryWithdraw(afterTimeout: false, ref owed) != false;
        }
        catch (Exception exception)
        {
            UnobservedFault.Report(exception);
            return false;
        }
    }

    private long DelayTicks()
    {
        try
        {
            return delay.Ticks;
        }
        catch (Exception exception)
        {
            UnobservedFault.Report(exception);
            return Never;
        }
    }
}
