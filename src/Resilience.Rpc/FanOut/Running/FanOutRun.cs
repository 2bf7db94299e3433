using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Resilience.Rpc;

/// <summary>
/// One run of a fan-out. Pooled: it goes back when nothing can touch it any more, which is when its holds are gone. The result is a hold until
/// it is disposed, and so is every call, delay, alarm and registration under way.
/// </summary>
/// <remarks>
/// Its gate guards its fields and runs only code of this folder. Until something suspends, no other thread knows the run, and the gate
/// stays open. What the result shows is frozen when the run is over: what comes later is a loser's and goes nowhere.
/// </remarks>
internal abstract partial class FanOutRun<T> : IValueTaskSource<FanOutResult<T>>, IAlarmed
{
    private const int DeadlineSubject = -1;
    private static readonly ContextCallback s_drive = static state => ((FanOutRun<T>)state!).Drive();
    private static readonly Action<object?> s_cancelled = static state => ((FanOutRun<T>)state!).OnCallerCancelled();
    private readonly Lock _gate = new();
    private Attempt<T>[] _attempts = [];
    private FanOutCore<T> _core = null!;
    private CancellationTokenSource _cancellation = new();
    private CancellationTokenRegistration _registration;
    private CancellationToken _callerToken;
    private ExecutionContext? _flow;
    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };
    private Alarm? _deadlineAlarm;
    private long _begun;

    // The last reading of the clock, for the one thread that knows the run before it is shared: a reading costs more than most of the rest.
    private long _now;
    private long _deadline;
    private long _ended;

    // Draws for exploration; the run is its own generator.
    private ulong _draws = BitConverter.DoubleToUInt64Bits(RandomSource.PerThread.NextDouble());
    private uint _toStart;
    private int _holds;
    private int _version;
    private bool _shared;
    private bool _over;
    private bool _suspended;
    private bool _deadlineFired;
    private bool _callerCancelled;
    private bool _stoodStill;

    internal Ballot Ballot { get; } = new();

    internal int Version => _version;

    internal TimeSpan Elapsed => new(_ended - _begun);

    internal T? ValueAt(int index) => _attempts[index].Value;

    internal Exception? ExceptionAt(int index) => _attempts[index].Exception;

    /// <summary>The result no longer owns the answer.</summary>
    internal void Forget(int index) => _attempts[index].Value = default;

    internal FanOutSlot<T> Slot(int index)
    {
        var attempt = _attempts[index];
        return new FanOutSlot<T>
        {
            Endpoint = _core.Endpoints.At(index),
            State = attempt.State,
            Fault = attempt.State == SlotState.NotStarted ? FaultClass.NotStarted : attempt.Fault,
            Value = attempt.Value,
            Exception = attempt.Exception,
            Latency = attempt.Count == 0 ? TimeSpan.Zero : new TimeSpan(Math.Max(0, attempt.Ended - attempt.First)),
            Attempts = attempt.Count,
            Vote = Vote(index),
        };
    }

    /// <summary>The result was disposed, if this is its first time.</summary>
    internal void Dispose(int version)
    {
        if (_version != version)
        {
            return;
        }

        // Plain: a result has one owner, who disposes it once, or again afterwards.
        _version = version + 1;
        if (_core.DiscardsValues)
        {
            DiscardValues();
        }

        Release();
    }

    FanOutResult<T> IValueTaskSource<FanOutResult<T>>.GetResult(short token)
    {
        _source.GetResult(token);
        _source.Reset();
        if (!_callerCancelled)
        {
            return new FanOutResult<T>(this, _version);
        }

        var cancelled = _callerToken;
        DiscardValues();
        Release();
        throw new OperationCanceledException(cancelled);
    }

    ValueTaskSourceStatus IValueTaskSource<FanOutResult<T>>.GetStatus(short token)
    {
        var status = _source.GetStatus(token);
        return status == ValueTaskSourceStatus.Succeeded && _callerCancelled ? ValueTaskSourceStatus.Canceled : status;
    }

    void IValueTaskSource<FanOutResult<T>>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    /// <summary>Has the decision say whom to ask first.</summary>
    protected void Begin(FanOutCore<T> core, long deadlineTicks, CancellationToken callerToken)
    {
        // One hold is the result's and one this thread's.
        _holds = 2;
        _core = core;
        _begun = core.Clock.Fine;
        _now = _begun;
        _deadline = _begun + core.Clock.Reach(deadlineTicks, fine: true);
        if (_attempts.Length < core.Count)
        {
            Grow(core.Count);
        }

        Ballot.Begin(
            core.Count, core.LeavesOut ? Available(core) : core.Endpoints.Everybody,
            core.UsesOrder ? core.Endpoints.OrderAt(_begun, ref _draws) : core.OwnOrder);
        if (core.IsBudgeted)
        {
            core.Hedges.Earn();
        }

        if (callerToken.CanBeCanceled)
        {
            _callerToken = callerToken;
            Share();
            _holds++;
            _registration = callerToken.UnsafeRegister(s_cancelled, this);
        }

        Enter();
        Decide(_begun);
        Exit();
    }

    /// <summary>Runs until it is over or everybody who was asked has suspended.</summary>
    protected ValueTask<FanOutResult<T>> GoOn()
    {
        Drive();
        return Suspend() ? new ValueTask<FanOutResult<T>>(this, _source.Version) : Finished();
    }

    /// <summary>Asks an endpoint.</summary>
    protected abstract ValueTask<T> Invoke(int index, CancellationToken cancellationToken);

    /// <summary>Goes back to the pool.</summary>
    protected abstract void Return(FanOutCore<T> core);

    private void Grow(int count)
    {
        for (var i = _attempts.Length; i < count; i++)
        {
            Array.Resize(ref _attempts, count);
            _attempts[i] = new Attempt<T>(this, i);
        }
    }

    // Who may be asked: everybody but those who sit out, unless too few would be left.
    private uint Available(FanOutCore<T> core)
    {
        var everybody = core.Endpoints.Everybody;
        return core.Endpoints.Dissent.SittingOut(_begun) is var sitting and not 0 && core.Decision.CanDecideWith(everybody & ~sitting)
            ? everybody & ~sitting
            : everybody;
    }

    // From here on other threads may know the run.
    private void Share()
    {
        if (!_shared)
        {
            _flow = ExecutionContext.Capture();
            _shared = true;
        }
    }

    private ValueTask<FanOutResult<T>> Finished()
    {
        // A shared run may have been ended by another thread: its gate is passed before its result is read.
        Enter();
        var cancelled = _callerCancelled;
        var token = _callerToken;
        Exit();
        if (!cancelled)
        {
            var result = new FanOutResult<T>(this, _version);
            Release();
            return new ValueTask<FanOutResult<T>>(result);
        }

        DiscardValues();
        Release(2);
        return ValueTask.FromCanceled<FanOutResult<T>>(token);
    }

    private SlotVote Vote(int index)
    {
        var winner = Ballot.Winner < 0 ? -1 : Ballot.GroupOf(Ballot.Winner);
        var own = winner < 0 ? -1 : Ballot.GroupOf(index);
        return own < 0 ? SlotVote.None : own == winner ? SlotVote.Agrees : SlotVote.Differs;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Enter()
    {
        if (_shared)
        {
            _gate.Enter();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Exit()
    {
        if (_shared)
        {
            _gate.Exit();
        }
    }
}
