namespace Resilience;

/// <summary>
/// Rules on exceptions, first match first. Immutable: each method returns a new set of rules. An exception that no rule matches is
/// <see cref="Verdict.Ignored"/> unless <see cref="Otherwise"/> says something else; without any rule every exception is
/// <see cref="Verdict.Transient"/>.
/// </summary>
public sealed class ExceptionRules : ExceptionClassifier
{
    private readonly Func<Exception, Verdict?>[] _rules;
    private readonly Verdict? _otherwise;

    /// <summary>No rules yet.</summary>
    public ExceptionRules()
        : this([], null)
    {
    }

    private ExceptionRules(Func<Exception, Verdict?>[] rules, Verdict? otherwise)
    {
        _rules = rules;
        _otherwise = otherwise;
    }

    /// <summary>Exceptions of a type are <paramref name="verdict"/>.</summary>
    /// <typeparam name="TException">The type, or a base of it.</typeparam>
    public ExceptionRules On<TException>(Verdict verdict)
        where TException : Exception => With(e => e is TException ? verdict : null);

    /// <summary>Exceptions of a type for which <paramref name="predicate"/> holds are <paramref name="verdict"/>.</summary>
    /// <typeparam name="TException">The type, or a base of it.</typeparam>
    public ExceptionRules On<TException>(Func<TException, bool> predicate, Verdict verdict)
        where TException : Exception
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return With(e => e is TException typed && predicate(typed) ? verdict : null);
    }

    /// <summary>Exceptions that have one of a type among their inner exceptions, at any depth, are <paramref name="verdict"/>.</summary>
    /// <typeparam name="TException">The type, or a base of it.</typeparam>
    public ExceptionRules OnInner<TException>(Verdict verdict)
        where TException : Exception => With(e => HasInner<TException>(e, static _ => true) ? verdict : null);

    /// <summary>Exceptions with an inner one, at any depth, for which <paramref name="predicate"/> holds are <paramref name="verdict"/>.</summary>
    /// <typeparam name="TException">The type, or a base of it.</typeparam>
    public ExceptionRules OnInner<TException>(Func<TException, bool> predicate, Verdict verdict)
        where TException : Exception
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return With(e => HasInner(e, predicate) ? verdict : null);
    }

    /// <summary>What no rule matches is <paramref name="verdict"/>.</summary>
    public ExceptionRules Otherwise(Verdict verdict) => new(_rules, verdict);

    /// <inheritdoc/>
    public override Verdict Classify(Exception exception)
    {
        foreach (var rule in _rules)
        {
            if (rule(exception) is { } verdict)
            {
                return verdict;
            }
        }

        return _otherwise ?? (_rules.Length == 0 ? Verdict.Transient : Verdict.Ignored);
    }

    private static bool HasInner<TException>(Exception exception, Func<TException, bool> predicate)
        where TException : Exception
    {
        if (exception is AggregateException { InnerExceptions: var many })
        {
            return many.Any(e => (e is TException typed && predicate(typed)) || HasInner(e, predicate));
        }

        return exception.InnerException is { } inner
            && ((inner is TException match && predicate(match)) || HasInner(inner, predicate));
    }

    private ExceptionRules With(Func<Exception, Verdict?> rule) => new([.. _rules, rule], _otherwise);
}
