namespace Resilience.Tests.Execution;

/// <summary>Calls that wait for calls: none is resumed inside another, so no stack grows with their number.</summary>
public sealed class ChainedCallsTests
{
    private const int SmallStack = 256 * 1024;
    private readonly Pipeline _pipeline = Pipelines.Of(new Probe { IsForeign = false });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhenAHundredThousandCallsWaitForOneAnother_TheStackStaysSmall(bool throughAsyncMethods)
    {
        var source = new ManualSource<int>();
        var last = _pipeline.ExecuteAsync((CancellationToken _) => source.Task);
        for (var i = 1; i < 100_000; i++)
        {
            last = throughAsyncMethods
                ? _pipeline.ExecuteAsync(static async (call, _) => await call, last)
                : _pipeline.ExecuteAsync(static (call, _) => call, last);
        }

        var completer = new Thread(() => source.Complete(7), SmallStack);
        completer.Start();
        Assert.Equal(7, await last);
        completer.Join();
    }

    [Fact]
    public async Task WhenOneCallEndsAnother_TheOtherIsResumedElsewhere()
    {
        var source = new ManualSource<int>();
        var threads = new List<int>();
        Pipeline Recording() => Pipelines.Of(new Probe
        {
            Leaves = (ref CallFrame _, ref Slot _) =>
            {
                threads.Add(Environment.CurrentManagedThreadId);
                return Exit.Continue;
            },
        });
        var inner = Recording().ExecuteAsync((CancellationToken _) => source.Task);
        var outer = Recording().ExecuteAsync((CancellationToken _) => inner).AsTask();
        var completer = new Thread(() => source.Complete(7), SmallStack);
        completer.Start();
        completer.Join();
        Assert.Equal(7, await outer);
        Assert.Equal(completer.ManagedThreadId, threads[0]);
        Assert.NotEqual(completer.ManagedThreadId, threads[1]);
    }

    [Fact]
    public void WhenAHundredThousandAttemptsEndAtOnce_TheLoopDoesNotNest()
    {
        var pipeline = Pipelines.Of(new Probe
        {
            Leaves = (ref CallFrame frame, ref Slot _) => frame.Attempt < 100_000 ? Exit.Again : Exit.Continue,
        });
        var starts = 0;
        var thread = new Thread(() => pipeline.Execute((CancellationToken _) => ++starts, CancellationToken.None), SmallStack);
        thread.Start();
        thread.Join();
        Assert.Equal(100_001, starts);
    }

    [Fact]
    public void WhenAHundredThousandAttemptsEndInTheirSubscription_TheLoopDoesNotNest()
    {
        var pipeline = Pipelines.Of(new Probe
        {
            Leaves = (ref CallFrame frame, ref Slot _) => frame.Attempt < 100_000 ? Exit.Again : Exit.Continue,
        });
        var call = default(ValueTask<int>);
        var thread = new Thread(
            () => call = pipeline.ExecuteAsync((CancellationToken _) =>
            {
                var source = new ManualSource<int>();
                source.OnSubscribed = () => source.Complete(7);
                return source.Task;
            }),
            SmallStack);
        thread.Start();
        thread.Join();
        Assert.Equal(7, call.Result);
    }
}
