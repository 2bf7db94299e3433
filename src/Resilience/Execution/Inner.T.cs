using System.Diagnostics.CodeAnalysis;

namespace Resilience;

/// <summary>
/// What is inside a wrapping strategy: the strategies further in and the callback. It may be run once, several times, at the same time, or
/// not at all; each run is a call of its own, with its own frame, cancellation source and permits. Valid until the strategy's outcome is there.
/// </summary>
/// <typeparam name="T">The type of the result.</typeparam>
[SuppressMessage("Performance", "CA1815", Justification = "A handle is never compared.")]
public readonly struct Inner<T>
{
    private readonly InnerCall<T> _call;
    private readonly int _use;

    internal Inner(InnerCall<T> call)
    {
        _call = call;
        _use = call.Use;
    }

    /// <summary>The token of the call that the strategy wraps; it does not know of deadlines, which each run heeds by itself.</summary>
    public CancellationToken CancellationToken => Read(static call => call.CallerToken);

    /// <summary>The number of the attempt under way, from 0.</summary>
    public int Attempt => Read(static call => call.Attempt);

    /// <summary>The caller's name for the operation, if it brought a context that has one.</summary>
    public string? OperationName => Read(static call => call.Context?.OperationName);

    /// <summary>Runs the inner part under the call's own token. It never throws for what the callee or a strategy did.</summary>
    /// <exception cref="InvalidOperationException">The strategy's outcome is already there.</exception>
    public ValueTask<Outcome<T>> ExecuteAsync()
    {
        var call = Hold();
        return call.RunAsync(call.CallerToken);
    }

    /// <summary>Runs the inner part under another token, which counts as the caller's: its cancellation says nothing about the dependency.</summary>
    /// <param name="cancellationToken">Link it to <see cref="CancellationToken"/>, or the caller's cancellation is not heard.</param>
    /// <exception cref="InvalidOperationException">The strategy's outcome is already there.</exception>
    public ValueTask<Outcome<T>> ExecuteAsync(CancellationToken cancellationToken) => Hold().RunAsync(cancellationToken);

    /// <summary>Runs the inner part of a synchronous call.</summary>
    /// <exception cref="InvalidOperationException">The strategy's outcome is already there, or the call is asynchronous.</exception>
    public Outcome<T> Execute()
    {
        var call = Hold();
        if (!call.IsSynchronous)
        {
            call.Release();
            throw new InvalidOperationException("The call is asynchronous, and so must be the run of its inner part: use ExecuteAsync.");
        }

        return call.Run(call.CallerToken);
    }

    private TValue Read<TValue>(Func<InnerCall<T>, TValue> read)
    {
        var call = Hold();
        try
        {
            return read(call);
        }
        finally
        {
            call.Release();
        }
    }

    // Held first: otherwise the strategy's outcome may arrive, and the object be given to another call, between the check and the use.
    internal InnerCall<T> Hold() => _call is not null && _call.TryHold(_use)
        ? _call
        : throw new InvalidOperationException("The inner part of a call can be run only until the wrapping strategy's outcome is there.");
}
