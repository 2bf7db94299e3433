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
    private readonly int _version;

    internal Inner(InnerCall<T> call)
    {
        _call = call;
        _version = call.Version;
    }

    /// <summary>The token of the call that the strategy wraps; it does not know of deadlines, which each run heeds by itself.</summary>
    public CancellationToken CancellationToken => Checked().CallerToken;

    /// <summary>The number of the attempt under way, from 0.</summary>
    public int Attempt => Checked().Attempt;

    /// <summary>The caller's name for the operation, if it brought a context that has one.</summary>
    public string? OperationName => Checked().Context?.OperationName;

    /// <summary>Runs the inner part under the call's own token. It never throws for what the callee or a strategy did.</summary>
    /// <exception cref="InvalidOperationException">The strategy's outcome is already there.</exception>
    public ValueTask<Outcome<T>> ExecuteAsync() => Checked().RunAsync(_call.CallerToken);

    /// <summary>Runs the inner part under another token, which counts as the caller's: its cancellation says nothing about the dependency.</summary>
    /// <param name="cancellationToken">Link it to <see cref="CancellationToken"/>, or the caller's cancellation is not heard.</param>
    /// <exception cref="InvalidOperationException">The strategy's outcome is already there.</exception>
    public ValueTask<Outcome<T>> ExecuteAsync(CancellationToken cancellationToken) => Checked().RunAsync(cancellationToken);

    /// <summary>Runs the inner part of a synchronous call.</summary>
    /// <exception cref="InvalidOperationException">The strategy's outcome is already there.</exception>
    public Outcome<T> Execute() => Checked().Run(_call.CallerToken);

    private InnerCall<T> Checked() => _call is not null && _call.Version == _version
        ? _call
        : throw new InvalidOperationException("The inner part of a call can be run only until the wrapping strategy's outcome is there.");
}
