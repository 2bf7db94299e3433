using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.ObjectPool;

namespace Resilience;

/// <summary>
/// What is known of one call beyond its arguments: the operation's name, the attempt, the deadline, and typed properties. A pipeline makes
/// one only if a callback or a hook asks; a caller may bring its own and read it afterwards.
/// </summary>
/// <remarks>
/// Pooled: <see cref="Rent"/> and <see cref="Dispose"/> allocate nothing once warm. One call at a time; not safe for concurrent use, but for
/// the properties. A context that the pipeline made ends with its call and must not be kept. Each run of the inner part of a wrapping
/// strategy has a context of its own, which shares the name and the properties of the call's. So has each hedged attempt, but with properties
/// of its own: those of the call when it began, and what it sets; the winner's become the call's.
/// </remarks>
public sealed partial class CallContext : IDisposable
{
    private static readonly ObjectPool<CallContext> s_pool =
        new DefaultObjectPool<CallContext>(new Policy(), PoolLimits.Retained);

    [ThreadStatic]
    private static CallContext? s_idle;

    private readonly Dictionary<string, object?> _properties = new(StringComparer.Ordinal);
    private CallContext? _root;

    // Whose properties a part of a call reads and sets; its own where it is an attempt apart.
    private CallContext? _shared;
    private string? _operationName;
    private TimeSpan? _timeout;
    private Clock _clock = Clock.System;
    private long _deadline = CallFrame.NoDeadline;
    private bool _fine;
    private bool _ownedByCall;
    private bool _isAgainForbidden;
    private bool _isApart;
    private int _isRented;
    private int _inUse;
    private int _calls;
    private int _rootsCall;

    // Who may still reach it: whoever rented it, and each call that lends it to its parts, which may outlive the call.
    private int _holders;

    private CallContext()
    {
    }

    /// <summary>The caller's name for the operation, for telemetry and errors.</summary>
    public string? OperationName
    {
        get => Root._operationName;
        set => Root._operationName = value;
    }

    /// <summary>The time that the caller allows for the next call as a whole, above zero; null for no limit of its own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above zero.</exception>
    public TimeSpan? Timeout
    {
        get => Root._timeout;
        set => Root._timeout = Checked(value);
    }

    /// <summary>The number of the attempt under way, from 0.</summary>
    public int Attempt { get; private set; }

    /// <summary>Cancelled when the caller cancels or the deadline passes. Valid during the attempt only.</summary>
    public CancellationToken CancellationToken { get; private set; }

    /// <summary>The time left until the call's nearest deadline, never negative; infinite when there is none.</summary>
    public TimeSpan Remaining => _deadline == CallFrame.NoDeadline
        ? System.Threading.Timeout.InfiniteTimeSpan
        : new TimeSpan(Math.Max(0, _deadline - (_fine ? _clock.Fine : _clock.Coarse)));

    internal bool IsAgainForbidden => _isAgainForbidden || _root is { _isAgainForbidden: true };

    /// <summary>A context to bring to a call.</summary>
    /// <param name="operationName">The caller's name for the operation.</param>
    /// <param name="timeout">The time allowed for the call as a whole.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is not above zero.</exception>
    public static CallContext Rent(string? operationName = null, TimeSpan? timeout = null)
    {
        var limit = Checked(timeout);
        var context = Take();
        context._operationName = operationName;
        context._timeout = limit;
        context._isRented = 1;
        context._holders = 1;
        return context;
    }

    /// <summary>
    /// A context to bring to one call, which returns it to the pool when it ends: neither touch it afterwards nor dispose it.
    /// </summary>
    /// <param name="operationName">The caller's name for the operation.</param>
    /// <param name="timeout">The time allowed for the call as a whole.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is not above zero.</exception>
    public static CallContext RentForCall(string? operationName = null, TimeSpan? timeout = null)
    {
        var context = Rent(operationName, timeout);
        context._ownedByCall = true;
        return context;
    }

    /// <summary>Sets a property.</summary>
    public void Set<T>(PropertyKey<T> key, T value)
    {
        var properties = Shared._properties;
        lock (properties)
        {
            properties[key.Name] = value;
        }
    }

    /// <summary>Reads a property; false if it was never set, or set with another type.</summary>
    public bool TryGet<T>(PropertyKey<T> key, [MaybeNullWhen(false)] out T value)
    {
        var properties = Shared._properties;
        lock (properties)
        {
            if (properties.TryGetValue(key.Name, out var stored) && stored is T typed)
            {
                value = typed;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Returns the context to its pool. It must not be used again; a second time does nothing.</summary>
    /// <exception cref="InvalidOperationException">A call that uses it is still under way.</exception>
    public void Dispose()
    {
        if (Volatile.Read(ref _inUse) != 0)
        {
            throw new InvalidOperationException("The context is in use by a call under way and cannot be disposed.");
        }

        if (Interlocked.Exchange(ref _isRented, 0) != 0)
        {
            Drop();
        }
    }

    internal void Begin(ref CallFrame frame)
    {
        if (Interlocked.Exchange(ref _inUse, 1) != 0)
        {
            throw new InvalidOperationException("The context is in use by another call: one call at a time.");
        }

        if (Volatile.Read(ref _isRented) == 0)
        {
            Volatile.Write(ref _inUse, 0);
            throw new ObjectDisposedException(nameof(CallContext));
        }

        Start(ref frame);
    }

    /// <summary>Begins with a context that was made for this call, and that nobody else has.</summary>
    internal void BeginMade(ref CallFrame frame)
    {
        _inUse = 1;
        Start(ref frame);
    }

    private void Start(ref CallFrame frame)
    {
        _calls++;
        _isAgainForbidden = false;
        ForgetAttempts();
        _clock = frame.Core.Clock;
        _fine = frame.Core.UsesFineClock;
        if (_root is null && _timeout is { } timeout)
        {
            frame.LowerDeadline(timeout, CallFrame.CallersDeadline);
        }

        Update(ref frame, frame.CallerToken);
    }

    /// <summary>Shows where the call stands.</summary>
    internal void Update(ref CallFrame frame, CancellationToken cancellationToken)
    {
        Attempt = frame.Attempt;
        Reason = frame.Reason;
        _deadline = frame.Deadline;
        CancellationToken = cancellationToken;
        if (_root is not null && !_isApart && Owner is { } owner)
        {
            owner.Attempt = frame.Attempt;
            owner.Reason = frame.Reason;
        }
    }

    internal void End()
    {
        CancellationToken = default;
        Volatile.Write(ref _inUse, 0);
        if (_ownedByCall)
        {
            _isRented = 0;
            Drop();
        }
    }

    private static TimeSpan? Checked(TimeSpan? timeout) => timeout is { } value && value <= TimeSpan.Zero
        ? throw new ArgumentOutOfRangeException(nameof(timeout), value, $"Timeout is {value}: it must be above zero, or null.")
        : timeout;
}
