namespace Resilience.Tests.Timeouts;

/// <summary>The inner part of a call that nobody runs, held as a pipeline holds it until its strategy's outcome is there.</summary>
internal sealed class HeldCall : InnerCall
{
    private HeldCall()
    {
    }

    public static HeldCall Make(TimeProvider time, TimeSpan timeout, CancellationToken callerToken)
    {
        var frame = new CallFrame(new PipelineBuilder<int> { TimeProvider = time }.Build().Core, callerToken);
        var call = new HeldCall();
        call.Begin(ref frame);
        call.LowerDeadline(timeout, new DeadlineOrigin("mine", timeout));
        return call;
    }

    internal override void OnCompleted(Action continuation) => throw new NotSupportedException();

    protected override void Recycle()
    {
    }
}
