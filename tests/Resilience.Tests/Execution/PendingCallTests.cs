using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Resilience.Tests.Execution;

/// <summary>Reading a suspended call: once, at its end, by its own token; and what the end leaves behind.</summary>
public sealed class PendingCallTests : Timeouts.FreshStack
{
    private readonly ManualSource<int> _source = new();
    private readonly Pipeline _pipeline = Pipelines.Of(new Probe());
    private int _leader;

    [Fact]
    public void WhenReadEarly_Throws_AndTheCallIsUntouched()
    {
        var call = Start();
        Assert.Throws<InvalidOperationException>(() => call.GetAwaiter().GetResult());
        _source.Complete(7);
        Assert.Equal(7, call.GetAwaiter().GetResult());
    }

    [Fact]
    public void WhenReadByAnotherToken_EveryMemberThrows_AndTheCallIsUntouched()
    {
        var call = Start();
        var source = (IValueTaskSource<int>)Source(ref call)!;
        var wrong = (short)(Token(ref call) + 1);
        Assert.Throws<InvalidOperationException>(() => source.GetStatus(wrong));
        Assert.Throws<InvalidOperationException>(() => source.OnCompleted(_ => { }, null, wrong, ValueTaskSourceOnCompletedFlags.None));
        Assert.Throws<InvalidOperationException>(() => source.GetResult(wrong));
        _source.Complete(7);
        Assert.Throws<InvalidOperationException>(() => source.GetResult(wrong));
        Assert.Equal(7, call.GetAwaiter().GetResult());
    }

    [Fact]
    public void WhenReadTwice_Throws_AndTheNextUseOfTheObjectIsUntouched()
    {
        var call = Start();
        var pooled = Source(ref call);
        _source.Complete(7);
        Assert.Equal(7, call.GetAwaiter().GetResult());
        _source.Reset();
        var next = Start();
        Assert.Same(pooled, Source(ref next));
        Assert.Throws<InvalidOperationException>(() => call.GetAwaiter().GetResult());
        _source.Complete(8);
        Assert.Throws<InvalidOperationException>(() => call.GetAwaiter().GetResult());
        Assert.Equal(8, next.GetAwaiter().GetResult());
    }

    [Fact]
    public void WhenTwoThreadsReadAtOnce_OneHasTheResultAndTheOtherAnError()
    {
        using var barrier = new Barrier(2);
        var call = default(ValueTask<int>);
        var read = 0;
        var refused = 0;
        void Read()
        {
            for (var i = 0; i < 5_000; i++)
            {
                if (barrier.SignalAndWait(TimeSpan.FromSeconds(30)) && Environment.CurrentManagedThreadId == Volatile.Read(ref _leader))
                {
                    _source.Reset();
                    call = Start();
                    _source.Complete(i);
                }

                barrier.SignalAndWait(TimeSpan.FromSeconds(30));
                try
                {
                    Assert.Equal(i, call.GetAwaiter().GetResult());
                    Interlocked.Increment(ref read);
                }
                catch (InvalidOperationException)
                {
                    Interlocked.Increment(ref refused);
                }
            }
        }

        var other = new Thread(Read);
        Volatile.Write(ref _leader, Environment.CurrentManagedThreadId);
        other.Start();
        Read();
        other.Join();
        Assert.Equal((5_000, 5_000), (read, refused));
    }

    [Fact]
    public void WhenNobodyAwaitsACall_ItsStrategiesAreLeft()
    {
        var probe = new Probe();
        _ = Pipelines.Of(probe).ExecuteAsync((CancellationToken _) => _source.Task);
        Assert.Equal(0, probe.Left);
        _source.Complete(7);
        Assert.Equal(1, probe.Left);
    }

    [Fact]
    public void WhenACallEnds_ItHoldsNeitherCallbackNorStateNorToken()
    {
        var (call, references) = StartTracked();
        _source.Complete(7);
        Assert.All(references, reference => Assert.False(Lives(reference)));
        Assert.Equal(7, call.GetAwaiter().GetResult());
    }

    [Fact]
    public void WhenAResultIsRead_ThePooledObjectDoesNotHoldIt()
    {
        var source = new ManualSource<object>();
        var call = _pipeline.ExecuteAsync((CancellationToken _) => source.Task);
        var pooled = Source(ref call);
        var result = Read(source, call);
        source.Reset();
        Assert.False(Lives(result));
        GC.KeepAlive(pooled);
    }

    [Fact]
    public void WhenManyCallsWereInFlight_ThePoolKeepsABoundedNumber()
    {
        var references = StartMany(4 * PoolLimits.Retained);
        Lives(references[0]);
        var alive = references.Count(reference => reference.IsAlive);

        // The pool's, and the one that this thread keeps itself.
        Assert.InRange(alive, 1, PoolLimits.Retained + 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhenSuspendedCallsFail_TheirTasksAreFaultedOrCanceled(bool cancelled)
    {
        var source = new TaskCompletionSource<int>();
        var task = _pipeline.ExecuteAsync((CancellationToken _) => source.Task).AsTask();
        source.SetException(cancelled ? new OperationCanceledException() : new ScriptedException("late"));
        await Task.WhenAny(task);
        Assert.Equal(cancelled ? TaskStatus.Canceled : TaskStatus.Faulted, task.Status);
    }

    private ValueTask<int> Start() => _pipeline.ExecuteAsync((CancellationToken _) => _source.Task);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (ValueTask<int> Call, WeakReference[] References) StartTracked()
    {
        var state = new object();
        var caller = new CancellationTokenSource();
        var captured = new object();
        var call = _pipeline.ExecuteAsync(
            (object s, CancellationToken _) =>
            {
                GC.KeepAlive(captured);
                return _source.Task;
            },
            state,
            caller.Token);
        return (call, [new(state), new(caller), new(captured)]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Read(ManualSource<object> source, ValueTask<object> call)
    {
        var result = new object();
        source.Complete(result);
        Assert.Same(result, call.GetAwaiter().GetResult());
        return new WeakReference(result);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference[] StartMany(int count)
    {
        var sources = Enumerable.Range(0, count).Select(_ => new ManualSource<int>()).ToArray();
        var calls = sources.Select(source => _pipeline.ExecuteAsync(static (source, _) => source.Task, source)).ToArray();
        var references = calls.Select(call => new WeakReference(Source(ref call))).ToArray();
        for (var i = 0; i < count; i++)
        {
            sources[i].Complete(i);
            Assert.Equal(i, calls[i].GetAwaiter().GetResult());
        }

        return references;
    }

    private static bool Lives(WeakReference reference)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return reference.IsAlive;
    }

    private static object? Source<T>(ref ValueTask<T> task) => Fields<T>.Source(ref task);

    private static short Token<T>(ref ValueTask<T> task) => Fields<T>.Token(ref task);

    private static class Fields<T>
    {
        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_obj")]
        internal static extern ref object? Source(ref ValueTask<T> task);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_token")]
        internal static extern ref short Token(ref ValueTask<T> task);
    }
}
