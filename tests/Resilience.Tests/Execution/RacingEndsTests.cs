using System.Threading.Tasks.Sources;

namespace Resilience.Tests.Execution;

/// <summary>Callbacks that end while the pipeline is looking: the call goes on, once.</summary>
public sealed class RacingEndsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhenTheEndComesWhileSubscribing_TheCallGoesOnExactlyOnce(bool foreign)
    {
        var sources = new ManualSource<int>?[20_000];
        var completer = new Thread(() =>
        {
            for (var i = 0; i < sources.Length; i++)
            {
                var spin = new SpinWait();
                while (Volatile.Read(ref sources[i]) is null)
                {
                    spin.SpinOnce(-1);
                }

                sources[i]!.Complete(i);
            }
        });
        completer.Start();
        var probe = new Probe { IsForeign = foreign };
        var pipeline = Pipelines.Of(probe);
        for (var i = 0; i < sources.Length; i++)
        {
            var source = new ManualSource<int>();
            var call = pipeline.ExecuteAsync((CancellationToken _) =>
            {
                Volatile.Write(ref sources[i], source);
                return source.Task;
            });
            Assert.Equal(i, call.AsTask().Result);
        }

        completer.Join();
        Assert.Equal((sources.Length, sources.Length), (probe.Entered, probe.Left));
    }

    [Fact]
    public void WhenTheEndComesInsideTheSubscription_TheCallIsOverWhenItReturns()
    {
        var source = new ManualSource<int>();
        source.OnSubscribed = () => source.Complete(7);
        var call = Pipelines.Of(new Probe()).ExecuteAsync((CancellationToken _) => source.Task);
        Assert.True(call.IsCompleted);
        Assert.Equal(7, call.GetAwaiter().GetResult());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhenTheSubscriberIsHeldInItsSubscription_TheCallGoesOnWithoutIt(bool foreign)
    {
        var source = new ManualSource<int>();
        using var left = new ManualResetEventSlim();
        var wentOn = false;
        source.OnSubscribed = () =>
        {
            new Thread(() => source.Complete(7)).Start();
            wentOn = left.Wait(TimeSpan.FromSeconds(30));
        };
        var probe = new Probe
        {
            IsForeign = foreign,
            Leaves = (ref _, ref _) =>
            {
                left.Set();
                return Exit.Continue;
            },
        };
        Assert.Equal(7, Pipelines.Of(probe).ExecuteAsync((CancellationToken _) => source.Task).AsTask().Result);
        Assert.True(wentOn);
        Assert.Equal(1, probe.Left);
    }

    [Fact]
    public void WhenTheCallIsReadAndItsObjectServesAnother_BeforeItsSubscriberReturns_EachHasItsOwnResult()
    {
        var attempts = 0;
        var pipeline = Pipelines.Of(new Probe { Leaves = (ref _, ref _) => attempts++ == 0 ? Exit.Again : Exit.Continue });
        var gone = new ManualSource<int>();
        var first = new ManualSource<int>();
        var second = new ManualSource<int>();
        var call = pipeline.ExecuteAsync((CancellationToken _) => attempts == 0 ? gone.Task : first.Task);
        var firstResult = 0;
        var next = default(ValueTask<int>);
        first.OnSubscribed = () =>
        {
            // The subscriber stands here while its call ends, is read, and its object serves another, which ends on this thread.
            var other = new Thread(() =>
            {
                first.Complete(7);
                firstResult = call.GetAwaiter().GetResult();
                next = pipeline.ExecuteAsync((CancellationToken _) => second.Task);
            });
            other.Start();
            other.Join();
            second.Complete(8);
        };
        gone.Complete(6);
        Assert.Equal((7, 8), (firstResult, next.AsTask().Result));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhenASourceAnswersTwice_OrAnswersAndThrows_StrategiesAreLeftOnce(bool throws)
    {
        var probe = new Probe();
        var call = Pipelines.Of(probe).ExecuteAsync((CancellationToken _) => new AnswersTwice(throws).Task);
        Assert.Equal(7, call.AsTask().Result);
        Assert.Equal(1, probe.Left);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 3)]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(false, 3)]
    [InlineData(false, 6)]
    public void WhenTheEndComesBetweenTwoLooks_TheCallHasItsResult(bool foreign, int depth)
    {
        for (var looks = 0; looks < 5; looks++)
        {
            var pipeline = Pipelines.Of([.. Enumerable.Range(0, depth).Select(_ => new Probe { IsForeign = foreign })]);
            Assert.Equal(7, pipeline.ExecuteAsync((CancellationToken _) => new EndsWhileWatched<int>(looks, 7).Task).Result);
            Assert.Equal(7, pipeline.ExecuteAsync((_, _) => new EndsWhileWatched<int>(looks, 7).Task, 0).Result);
            Assert.Equal(7, pipeline.ExecuteAsync((CallContext _) => new EndsWhileWatched<int>(looks, 7).Task, null).Result);
            Assert.Equal(7, pipeline.ExecuteOutcomeAsync((CancellationToken _) => new EndsWhileWatched<int>(looks, 7).Task).Result.GetResult());
            Assert.Equal(7, pipeline.ExecuteOutcomeAsync((_, _) => new EndsWhileWatched<int>(looks, 7).Task, 0).Result.GetResult());
            var outcome = Outcome.FromResult(7);
            Assert.Equal(7, pipeline.ExecuteOutcomeAsync((_, _) => new EndsWhileWatched<Outcome<int>>(looks, outcome).Task, 0).Result.GetResult());
            Assert.Equal(7, pipeline.ExecuteOutcomeAsync((CancellationToken _) => new EndsWhileWatched<Outcome<int>>(looks, outcome).Task).Result.GetResult());
        }
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(false, 6)]
    public void WhenASourceFailsBetweenTwoLooks_TheCallFailsWithThat_AndStrategiesAreLeft(bool foreign, int depth)
    {
        for (var looks = 0; looks < 5; looks++)
        {
            Probe[] probes = [.. Enumerable.Range(0, depth).Select(_ => new Probe { IsForeign = foreign })];
            var pipeline = Pipelines.Of([.. probes]);
            Assert.Throws<FormatException>(() => pipeline.ExecuteAsync((_, _) => new FailsWhileWatched<int>(looks).Task, 0).GetAwaiter().GetResult());
            Failed(pipeline.ExecuteOutcomeAsync((_, _) => new FailsWhileWatched<int>(looks).Task, 0));
            Failed(pipeline.ExecuteOutcomeAsync((_, _) => new FailsWhileWatched<Outcome<int>>(looks).Task, 0));
            Assert.All(probes, probe => Assert.Equal((3, 3), (probe.Entered, probe.Left)));
        }

        static void Failed(ValueTask<Outcome<int>> call) => Assert.IsType<FormatException>(call.AsTask().Result.Exception);
    }

    // Throws once it was looked at a number of times; whoever subscribes is called at once.
    private sealed class FailsWhileWatched<T>(int looks) : IValueTaskSource<T>
    {
        private int _looks = looks;

        internal ValueTask<T> Task => new(this, 0);

        public T GetResult(short token) => throw new FormatException();

        public ValueTaskSourceStatus GetStatus(short token) => _looks-- > 0 ? ValueTaskSourceStatus.Pending : throw new FormatException();

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            continuation(state);
    }

    private sealed class AnswersTwice(bool throws) : IValueTaskSource<int>
    {
        private bool _isOver;

        internal ValueTask<int> Task => new(this, 0);

        public int GetResult(short token) => 7;

        public ValueTaskSourceStatus GetStatus(short token) => _isOver ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        {
            _isOver = true;
            continuation(state);
            if (throws)
            {
                throw new InvalidOperationException("Answered, and failed.");
            }

            continuation(state);
        }
    }

    // Over after it was looked at a number of times; whoever subscribes is called at once.
    private sealed class EndsWhileWatched<T>(int looks, T result) : IValueTaskSource<T>
    {
        private int _looks = looks;

        internal ValueTask<T> Task => new(this, 0);

        public T GetResult(short token) => result;

        public ValueTaskSourceStatus GetStatus(short token) =>
            _looks-- > 0 ? ValueTaskSourceStatus.Pending : ValueTaskSourceStatus.Succeeded;

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            continuation(state);
    }
}
