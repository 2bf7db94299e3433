using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Resilience;

/// <content>How a call goes through a hedging strategy: on a token and with a context of its own, and how its inner part splits off.</content>
public partial struct CallFrame
{
    /// <summary>An attempt that a race starts: what is inside the race's position.</summary>
    internal CallFrame(HedgeAttempt attempt, int number, CallExtras extras)
    {
        var race = attempt.Race;
        Core = race.Core;
        CallerToken = attempt.Source.Token;
        Start = (byte)(race.Position + 1);
        Position = Start;
        Deadline = attempt.Source.Deadline;
        DeadlineOwner = (sbyte)attempt.Source.DeadlineOwner;
        _progress.Attempt = number;
        _progress.Reason = AttemptReason.Hedge;
        extras.Attempt = attempt;
        extras.Outer = race.OuterContext;
        _extras = extras;
    }

    /// <summary>Whether this attempt was cancelled because another one won.</summary>
    internal readonly bool IsOutpaced => _extras is { } && Attempted.IsOutpaced;

    /// <summary>The attempt of a race that this call is, or inside which it stands.</summary>
    internal readonly AttemptLink Attempted => _extras is not { } extras ? default
        : extras.Attempt is { } attempt ? attempt.Link
        : extras.Parent?.Attempted ?? default;

    /// <summary>The attempt that this call is.</summary>
    internal readonly HedgeAttempt<T>? AttemptOf<T>() => _extras is { Attempt: { } attempt } ? (HedgeAttempt<T>)attempt : null;

    /// <summary>Goes on under the token of <paramref name="source"/>, which remembers what was outside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void EnterAttempt(AttemptSource source)
    {
        source.Deadline = Deadline;
        source.DeadlineOwner = DeadlineOwner;
        CallerToken = source.Token;
        if (Source is not null || _extras is not null)
        {
            EnterAttemptApart(source);
        }
    }

    /// <summary>Goes on as before <see cref="EnterAttempt"/>; what the attempt set in its context becomes the call's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void LeaveAttempt(AttemptSource source)
    {
        CallerToken = source.OuterToken;
        if (Source is not null || source.IsApart)
        {
            LeaveAttemptApart(source);
        }

        if (Fault.Exists && CallerToken.IsCancellationRequested)
        {
            NameCaller();
        }
    }

    /// <summary>Forgets what the attempt that has just failed set in its context.</summary>
    internal readonly void DropAttemptContext()
    {
        if (_extras is { Context: { } context } extras)
        {
            extras.Context = null;
            context.End();
        }
    }

    /// <summary>Whether this is what the call has.</summary>
    internal readonly bool Has(CallExtras? extras) => extras is not null && _extras == extras;

    /// <summary>
    /// Splits a call that must wait inside a hedging strategy: the attempt under way, and this, the call around it, which waits for a race
    /// at <paramref name="position"/>.
    /// </summary>
    /// <param name="source">The attempt's source.</param>
    /// <param name="position">Where the strategy stands.</param>
    /// <param name="extras">For the call around.</param>
    /// <param name="attempt">The attempt.</param>
    internal void Split(AttemptSource source, int position, CallExtras extras, out CallFrame attempt)
    {
        Debug.Assert(Position > position && position >= Start, "The call waits inside the strategy.");
        attempt = this;
        attempt.Start = (byte)(position + 1);
        if (_extras is { } inner)
        {
            extras.CopyTimeouts(inner);
            (extras.Parent, inner.Parent) = (inner.Parent, null);
            (extras.Attempt, inner.Attempt) = (inner.Attempt, null);
        }

        if (source.IsApart)
        {
            (extras.Context, extras.Outer) = (source.Context, source.OuterContext);
            (source.Context, source.OuterContext) = (null, null);
        }

        _extras = extras;
        WaitForRace(source, position);
    }

    /// <summary>Splits a call as above whose attempt, having no extras, is carried on elsewhere.</summary>
    internal void Leave(AttemptSource source, int position, CallExtras extras)
    {
        _extras = extras;
        WaitForRace(source, position);
    }

    /// <summary>The attempt at <paramref name="position"/> is over, and the call waits for a race that it begins.</summary>
    internal void WaitForRace(AttemptSource source, int position)
    {
        CallerToken = source.OuterToken;
        Deadline = source.Deadline;
        DeadlineOwner = (sbyte)source.DeadlineOwner;
        Source = null;
        Fault = default;
        _verdict = Verdict.Success;
        _progress.VerdictIsFinal = false;
        _progress.TurnedBack = false;
        _progress.IsStopped = false;
        Position = position;
        Phase = CallPhase.Started;
    }

    /// <summary>Makes this call an attempt of a race, with <paramref name="spare"/> if it has no extras.</summary>
    internal void Join(HedgeAttempt attempt, CallExtras spare)
    {
        var extras = _extras ??= spare;
        extras.Attempt = attempt;
        attempt.Context = extras.Context;
        if (extras.Wrapped is InnerCall inner)
        {
            inner.Attempted = attempt.Link;
        }
    }

    /// <summary>Takes the context that the attempt made, and puts back what stood there before.</summary>
    internal CallContext? TakeAttemptContext(AttemptSource source)
    {
        ReleaseSource();
        if (_extras is not { } extras)
        {
            return null;
        }

        var own = extras.Context;
        extras.Context = null;
        if (source.IsApart)
        {
            (extras.Context, extras.Outer) = (source.Context, source.OuterContext);
        }

        return own;
    }

    /// <summary>Takes the verdict and the number of the attempt that won.</summary>
    internal void TakeVerdict(Verdict verdict, bool isFinal, int number)
    {
        _verdict = Permitted(verdict);
        _progress.VerdictIsFinal = isFinal;
        _progress.Attempt = number;
        if (Fault.Exists && CallerToken.IsCancellationRequested)
        {
            NameCaller();
        }
    }

    /// <summary>Takes the context of the attempt that won: its properties, or all of it where the call has none.</summary>
    internal void TakeContext(CallContext? context)
    {
        if (context is null)
        {
            return;
        }

        if (ContextOrNull is { } whole)
        {
            context.MergeInto(whole);
            context.End();
        }
        else
        {
            Extras.Context = context;
        }
    }

    private void EnterAttemptApart(AttemptSource source)
    {
        // Armed for the token outside.
        ReleaseSource();
        if (ContextOrNull is { } context)
        {
            var extras = Extras;
            source.IsApart = true;
            (source.Context, source.OuterContext) = (extras.Context, extras.Outer);
            (extras.Context, extras.Outer) = (null, context);
        }
    }

    private void LeaveAttemptApart(AttemptSource source)
    {
        ReleaseSource();
        if (source.IsApart)
        {
            var extras = Extras;
            var (own, whole) = (extras.Context, extras.Outer!);
            (extras.Context, extras.Outer) = (source.Context, source.OuterContext);
            own?.MergeInto(whole);
            own?.End();
        }
    }
}
