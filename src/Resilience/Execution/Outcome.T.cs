using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// How a call ended: a result, an exception, or a rejection. A value; neither creating nor passing one allocates.
/// </summary>
/// <typeparam name="T">The type of the result.</typeparam>
[SuppressMessage("Performance", "CA1815", Justification = "Outcomes are passed on, never compared.")]
public readonly struct Outcome<T>
{
    private readonly T? _result;

    // The halves of a fault. Loads of 16 bytes from what was stored by 8 wait for it, which breaker.open.outcome measures.
    private readonly object? _cause;
    private readonly long _rejection;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Outcome(T? result, in Fault fault)
    {
        _result = result;
        _cause = fault.Cause;
        _rejection = fault.RejectionBits;
    }

    /// <summary>Whether there is a result.</summary>
    public bool HasResult => _cause is null;

    /// <summary>The result, or <c>default</c> when there is none.</summary>
    public T? ResultOrDefault => _result;

    /// <summary>The exception with which the call failed; null for a result and for a rejection.</summary>
    public Exception? Exception => Fault.Exception;

    /// <summary>The rejection, if a strategy refused the call.</summary>
    public Rejection? Rejection => Fault.IsRejection ? Fault.Rejection : null;

    internal Fault Fault
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(_cause, _rejection);
    }

    /// <summary>The result.</summary>
    /// <exception cref="RejectedException">The call was refused.</exception>
    /// <exception cref="System.Exception">The call failed; its own exception is thrown.</exception>
    public T GetResult()
    {
        if (Fault.Exists)
        {
            Fault.Throw();
        }

        return _result!;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        !Fault.Exists ? $"Result: {_result}" : Fault.IsRejection ? Fault.Rejection.ToString() : $"Exception: {Fault.Exception!.Message}";
}
