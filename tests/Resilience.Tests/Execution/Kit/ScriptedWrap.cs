namespace Resilience.Tests.Execution;

/// <summary>A wrapping strategy that runs the inner part by script; when that runs out, it passes the call on.</summary>
internal sealed class ScriptedWrap(World world, int position, params IEnumerable<Wrap> script) : WrappingStrategy($"s{position}")
{
    private readonly Queue<Wrap> _script = new(script);

    public override bool SupportsSynchronousCalls => true;

    protected internal override ValueTask<Outcome<T>> ExecuteAsync<T>(Inner<T> inner)
    {
        var next = Next();
        world.Note($"({position}");
        return next == Wrap.ThrowAtOnce ? throw Closed() : RunAsync(inner, next);
    }

    protected internal override Outcome<T> Execute<T>(Inner<T> inner)
    {
        var next = Next();
        world.Note($"({position}");
        switch (next)
        {
            case Wrap.Skip:
                world.Note($"){position}");
                return Outcome.FromException<T>(new ScriptedException($"skip {position}"));
            case Wrap.RunTwice:
                Drop(inner.Execute());
                break;
            case Wrap.ThrowAtOnce:
                throw Closed();
            case Wrap.ThrowAfterwards:
                Drop(inner.Execute());
                throw Closed();
        }

        var outcome = inner.Execute();
        world.Note($"){position}");
        return outcome;
    }

    private static void Drop<T>(Outcome<T> outcome) => (outcome.ResultOrDefault as IDisposable)?.Dispose();

    private async ValueTask<Outcome<T>> RunAsync<T>(Inner<T> inner, Wrap next)
    {
        switch (next)
        {
            case Wrap.PassLater:
                await world.Signal();
                break;
            case Wrap.Skip:
                world.Note($"){position}");
                return Outcome.FromException<T>(new ScriptedException($"skip {position}"));
            case Wrap.RunTwice:
                Drop(await inner.ExecuteAsync());
                break;
            case Wrap.ThrowAfterwards:
                Drop(await inner.ExecuteAsync());
                throw Closed();
        }

        var outcome = await inner.ExecuteAsync();
        world.Note($"){position}");
        return outcome;
    }

    private Wrap Next() => _script.TryDequeue(out var next) ? next : Wrap.Pass;

    private ScriptedException Closed()
    {
        world.Note($"){position}");
        return new ScriptedException($"wrap {position}");
    }
}
