using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Resilience;

/// <summary>Why a call has no result: an exception, or a rejection kept as a value so that refusing creates no object.</summary>
internal readonly struct Fault
{
    private const int ReasonBits = 4;
    private const long MaxTicks = long.MaxValue >> ReasonBits;

    // A strategy beside a rejection, else an exception; not cast again, which retry.two-failures measures.
    private readonly object? _cause;
    private readonly long _rejection;

    internal Fault(Exception exception) => _cause = exception;

    /// <summary>A fault that was taken apart. Copied half by half: a copy of the whole would wait for the two stores that made it.</summary>
    internal Fault(object? cause, long rejection)
    {
        _cause = cause;
        _rejection = rejection;
    }

    // The reason is stored plus one, so that zero means "an exception".
    internal Fault(Strategy source, RejectionReason reason, TimeSpan retryAfter)
    {
        _cause = source;
        _rejection = (Math.Clamp(retryAfter.Ticks, 0, MaxTicks) << ReasonBits) | ((long)reason + 1);
    }

    internal object? Cause => _cause;

    internal long RejectionBits => _rejection;

    internal bool Exists => _cause is not null;

    internal bool IsRejection => _rejection != 0;

    internal Exception? Exception => _rejection == 0 ? Unsafe.As<Exception?>(_cause) : null;

    internal Rejection Rejection => new(
        Unsafe.As<Strategy>(_cause!),
        (RejectionReason)((_rejection & ((1 << ReasonBits) - 1)) - 1),
        new TimeSpan(_rejection >> ReasonBits));

    internal TimeSpan RetryAfter => new(_rejection >> ReasonBits);

    internal bool IsSame(Fault other) => ReferenceEquals(_cause, other._cause) && _rejection == other._rejection;

    internal Exception ToException() => IsRejection ? new RejectedException(Rejection) : Unsafe.As<Exception>(_cause!);

    internal void Throw() => ExceptionDispatchInfo.Throw(ToException());
}
