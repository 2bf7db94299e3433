namespace Resilience.Tests.Execution;

/// <summary>A wrapping strategy made of one lambda, for calls that return <typeparamref name="TResult"/>.</summary>
internal sealed class Around<TResult>(Func<Inner<TResult>, ValueTask<Outcome<TResult>>> run, Func<Inner<TResult>, Outcome<TResult>>? runNow = null)
    : WrappingStrategy<TResult>("around")
{
    public override bool SupportsSynchronousCalls => runNow is not null;

    protected internal override ValueTask<Outcome<TResult>> ExecuteAsync(Inner<TResult> inner) => run(inner);

    protected internal override Outcome<TResult> Execute(Inner<TResult> inner) => runNow!(inner);
}
