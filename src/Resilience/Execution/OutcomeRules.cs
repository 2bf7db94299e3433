namespace Resilience;

/// <summary>
/// Rules on results and exceptions, first match first. Immutable: each method returns a new set of rules. A result that no rule matches is
/// <see cref="Verdict.Success"/>; exceptions go by the rules of <see cref="ExceptionRules"/>.
/// </summary>
/// <typeparam name="T">The type of the result.</typeparam>
public sealed class OutcomeRules<T> : Classifier<T>
{
    private readonly (Func<T, bool> Matches, Verdict Verdict)[] _results;
    private readonly ExceptionRules _exceptions;

    // The first rule on results, which most often is the only one: breaker.closed.mixed measures what a loop costs.
    private readonly Func<T, bool>? _matches;
    private readonly Verdict _verdict;

    /// <summary>No rules yet.</summary>
    public OutcomeRules()
        : this([], new ExceptionRules())
    {
    }

    private OutcomeRules((Func<T, bool>, Verdict)[] results, ExceptionRules exceptions)
    {
        _results = results;
        _exceptions = exceptions;
        if (results is [var (matches, verdict), ..])
        {
            _matches = matches;
            _verdict = verdict;
        }
    }

    /// <summary>Results for which <paramref name="predicate"/> holds are <paramref name="verdict"/>.</summary>
    public OutcomeRules<T> OnResult(Func<T, bool> predicate, Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return new([.. _results, (predicate, verdict)], _exceptions);
    }

    /// <summary>Exceptions of a type are <paramref name="verdict"/>.</summary>
    /// <typeparam name="TException">The type, or a base of it.</typeparam>
    public OutcomeRules<T> On<TException>(Verdict verdict)
        where TException : Exception => new(_results, _exceptions.On<TException>(verdict));

    /// <summary>Exceptions of a type for which <paramref name="predicate"/> holds are <paramref name="verdict"/>.</summary>
    /// <typeparam name="TException">The type, or a base of it.</typeparam>
    public OutcomeRules<T> On<TException>(Func<TException, bool> predicate, Verdict verdict)
        where TException : Exception => new(_results, _exceptions.On(predicate, verdict));

    /// <summary>Exceptions that have one of a type among their inner exceptions, at any depth, are <paramref name="verdict"/>.</summary>
    /// <typeparam name="TException">The type, or a base of it.</typeparam>
    public OutcomeRules<T> OnInner<TException>(Verdict verdict)
        where TException : Exception => new(_results, _exceptions.OnInner<TException>(verdict));

    /// <summary>Exceptions with an inner one, at any depth, for which <paramref name="predicate"/> holds are <paramref name="verdict"/>.</summary>
    /// <typeparam name="TException">The type, or a base of it.</typeparam>
    public OutcomeRules<T> OnInner<TException>(Func<TException, bool> predicate, Verdict verdict)
        where TException : Exception => new(_results, _exceptions.OnInner(predicate, verdict));

    /// <summary>Exceptions that no rule matches are <paramref name="verdict"/>.</summary>
    public OutcomeRules<T> Otherwise(Verdict verdict) => new(_results, _exceptions.Otherwise(verdict));

    /// <inheritdoc/>
    public override Verdict Classify(in Outcome<T> outcome) =>
        outcome.Exception is { } exception ? _exceptions.Classify(exception) : ClassifyResult(outcome.ResultOrDefault!);

    internal override Verdict ClassifyResult(T result) => _matches is not null && _matches(result) ? _verdict
        : _results.Length > 1 ? ClassifyByRest(result)
        : Verdict.Success;

    private Verdict ClassifyByRest(T result)
    {
        foreach (var (matches, verdict) in _results.AsSpan(1))
        {
            if (matches(result))
            {
                return verdict;
            }
        }

        return Verdict.Success;
    }
}
