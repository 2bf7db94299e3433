using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// The attempts at one call that waits inside a hedging strategy: what a <see cref="HedgeCourse{TI}"/> leaves open, apart from the type of
/// the result.
/// </summary>
/// <remarks>Pooled. Belongs to the call until that has taken the outcome, and then to the attempts that lost until the last has ended.</remarks>
internal abstract partial class HedgeRace : HedgeCourse<Production>
{
    private static readonly SendOrPostCallback s_posted = static state => ((HedgeRace)state!).OnDelayOver()?.Invoke();
    private static readonly ContextCallback s_run = static state =>
    {
        var attempt = Unsafe.As<HedgeAttempt>(state!);
        attempt.Race.RunTold(attempt);
    };


    // Not readonly: who starts an attempt writes into it.
    private AttemptBuffer _attempts;
    private HedgingStrategy _strategy = null!;
    private ExecutionContext? _flow;
    private SynchronizationContext? _context;
    private HedgeTimer? _timer;
    private CancellationToken _callerToken;
    private long _deadline;
    private int _deadlineOwner;
    private int _firstNumber;
    private int _lastNumber;
    private int _maxAttempts;
    private long _startTicks;
    private long _delayTicks;
    private long _nextDue;
    private int _isRecorded;
    private bool _isLater;

    internal PipelineCore Core { get; private set; } = null!;

    internal int Position { get; private set; }

    /// <summary>While it is idle: another that the same thread keeps.</summary>
    internal HedgeRace? NextIdle { get; set; }

    /// <summary>The context of the call around the race, if it has one.</summary>
    internal CallContext? OuterContext { get; private set; }

    /// <summary>The flow of the call; null if it was suppressed.</summary>
    internal ExecutionContext? Flow => _flow;

    /// <summary>Whose the call's deadline is, if it has one. The call may be over before its attempts are.</summary>
    internal DeadlineOrigin DeadlineOrigin { get; private set; }

    /// <inheritdoc/>
    protected sealed override int MaxAttempts => _maxAttempts;

    /// <inheritdoc/>
    protected sealed override long NextDue => Volatile.Read(ref _nextDue);

    /// <inheritdoc/>
    protected sealed override bool IsParallel => _delayTicks == 0;

    /// <summary>The attempt's call has ended; its frame is still there.</summary>
    internal void OnReported(HedgeAttempt attempt, ref CallFrame frame, CallContext? context)
    {
        attempt.Report(ref frame, context);
        if (attempt.Index == 0 && attempt.Verdict.Health == Health.Good)
        {
            Record(frame.Ticks);
        }
    }

    /// <summary>The attempt has ended, and nothing of it is on the stack any more.</summary>
    internal Action? OnEnded(HedgeAttempt attempt)
    {
        var verdict = Judge(attempt, Core.Strategies[Position]);
        _strategy.Settle(verdict.Health == Health.Good, ref attempt.Debt);
        if (verdict.Health == Health.Bad)
        {
            _strategy.TellFailure();
        }

        return End(attempt.Index, HedgingStrategy.EndingOf(verdict, attempt.IsRejected));
    }

    /// <summary>The delay is over.</summary>
    internal void OnTimer()
    {
        if (_context is { } context)
        {
            try
            {
                context.Post(s_posted, this);
                return;
            }
            catch (Exception exception)
            {
                // The context is gone. The race goes on all the same.
                UnobservedFault.Report(exception);
            }
        }

        OnDelayOver()?.Invoke();
    }

    /// <summary>Begins with the attempt that is under way in <paramref name="frame"/>, which has become the call around it.</summary>
    /// <param name="strategy">The strategy.</param>
    /// <param name="frame">The call, which waits for the race.</param>
    /// <param name="slot">What the strategy remembers of the call.</param>
    /// <param name="first">The attempt.</param>
    /// <param name="flow">The flow of the call.</param>
    /// <param name="context">Where the call goes on, if that is asked for.</param>
    protected void Begin(
        HedgingStrategy strategy,
        ref CallFrame frame,
        in Slot slot,
        HedgeAttempt first,
        ExecutionContext? flow,
        SynchronizationContext? context)
    {
        _strategy = strategy;
        Core = frame.Core;
        Position = frame.Position;
        OuterContext = frame.ContextOrNull;
        OuterContext?.Hold();
        (_callerToken, _deadline, _deadlineOwner) = (frame.CallerToken, frame.Deadline, frame.DeadlineOwner);
        if (_deadline != CallFrame.NoDeadline)
        {
            DeadlineOrigin = frame.DeadlineOrigin;
        }

        _flow = flow;
        _context = context;
        _firstNumber = frame.Attempt;
        _lastNumber = frame.Attempt - 1;
        var memory = new HedgingMemory(slot);
        _maxAttempts = strategy.MaxAttempts - memory.Failed;
        first.Debt = memory.Debt;
        _startTicks = slot.First;
        _isRecorded = memory.Failed;
        At(0) = first;
        Begin();
        _isLater = memory.HasWaitedEarlier;
        _delayTicks = first.Source.Delay;
        Volatile.Write(ref _nextDue, first.Source.Due);
    }

    /// <summary>The delay of a call that had no race is over: it holds the race from now on.</summary>
    /// <param name="timer">Its timer, if that is not used elsewhere.</param>
    internal void HoldDelay(HedgeTimer? timer)
    {
        timer?.PassTo(this);
        _timer = timer;
        HoldDelay(_nextDue);
    }

    /// <summary>Starts what is due at once, or waits for the delay, now that the first attempt is under way. Before the call awaits the race.</summary>
    internal void Go() => Go(_delayTicks > 0);

    /// <summary>Takes the outcome's verdict, number and context for the call.</summary>
    protected void Finish(ref CallFrame frame)
    {
        var winner = At(Winner)!;
        for (var i = 0; i < Started; i++)
        {
            _lastNumber = Math.Max(_lastNumber, At(i) is { IsOver: true } ended ? ended.Number : _firstNumber + i);
        }

        frame.TakeVerdict(winner.Verdict, winner.IsVerdictFinal, _lastNumber);
        var context = winner.Context;
        winner.Context = null;
        frame.TakeContext(context);
        Release();
    }

    /// <summary>Runs what is inside the race's position. True if the attempt has ended at once, which is still to be told.</summary>
    protected abstract bool Run(HedgeAttempt attempt, int number);

    /// <summary>The race's attempt of that number, made when there is none yet.</summary>
    protected abstract HedgeAttempt Ready(int index);

    /// <summary>The verdict that the strategy sees.</summary>
    protected abstract Verdict Judge(HedgeAttempt attempt, Strategy judge);

    /// <summary>Lets go of the callback.</summary>
    protected abstract void Forget();

    /// <summary>Gives the object back to its pool.</summary>
    internal abstract void Return();

    // Within the call's flow. An attempt whose hook threw ends before it has begun, and with it the race.
    private void RunTold(HedgeAttempt attempt)
    {
        var number = _firstNumber + attempt.Index;
        try
        {
            _strategy.Tell(number, attempt.Reason, attempt.Reason == HedgeReason.Late ? _delayTicks : 0);
        }
        catch (Exception exception)
        {
            attempt.EndStillborn(exception);
            return;
        }

        _strategy.Counters.OnHedge();
        attempt.HasEndedAtOnce = Run(attempt, number);
    }

    // The attempt of that number, if it is known. An inline array asked for a number that varies makes a span of itself, by a call.
    private ref HedgeAttempt? At(int index)
    {
        Debug.Assert((uint)index < HedgingOptions.MostAttempts, "There is room for the most attempts.");
        return ref Unsafe.Add(ref Unsafe.As<AttemptBuffer, HedgeAttempt?>(ref _attempts), index);
    }

    private void MoveDue()
    {
        if (_delayTicks > 0)
        {
            Volatile.Write(ref _nextDue, Core.Clock.WordAfter(_delayTicks));
        }
    }

    private bool IsAgainForbidden()
    {
        if (OuterContext is { IsAgainForbidden: true })
        {
            return true;
        }

        for (var i = 0; i < Started; i++)
        {
            if (Volatile.Read(ref At(i))?.Context is { IsAgainForbidden: true })
            {
                return true;
            }
        }

        return false;
    }

    private void Record(long now)
    {
        if (_strategy.Delay.Tracker is not null && Interlocked.Exchange(ref _isRecorded, 1) == 0)
        {
            _strategy.Record((now < 0 ? Core.ReadClock() : now) - _startTicks);
        }
    }
}
