using FsCheck;
using FsCheck.Fluent;

namespace Resilience.Tests.Execution;

/// <summary>
/// Random pipelines against plain recursion: what was entered is left exactly once, in the reverse order, every verdict and attempt number
/// is right, the call ends as it must, and each result but the one returned is disposed exactly once. A failure prints the seed; replay it
/// with <c>Config.WithReplay</c>.
/// </summary>
public sealed class PipelinePropertyTests
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(3_000).WithEndSize(10).WithQuietOnSuccess(true);

    [Fact]
    public void WhenAnyPipelineRunsAnyCall_ItDoesWhatRecursionWouldDo() =>
        Check.One(s_config, Prop.ForAll(PipelineCase.Untyped, c => Agrees(c, RunUntyped)));

    [Fact]
    public void WhenAnyTypedPipelineRunsAnyCall_ItDoesWhatRecursionWouldDo() =>
        Check.One(s_config, Prop.ForAll(PipelineCase.Typed, c => Agrees(c, RunTyped)));

    private static Property Agrees(PipelineCase c, Func<PipelineCase, World, Ended> run)
    {
        var model = new PipelineModel(c);
        var expected = model.Run();
        var world = new World { ShowsAttempts = c.Layers.All(layer => layer.Kind != LayerKind.Wrapping) };
        if (c.CancelBefore)
        {
            world.Caller.Cancel();
        }

        var ended = run(c, world);
        var leaks = string.Join(", ", world.Results
            .Where(r => !Edges.IsVoid(c.Edge) && r.Disposals != (ReferenceEquals(r, ended.Result) ? 0 : 1))
            .Select(r => $"{r.Name} disposed {r.Disposals} times"));
        return (ended.Text == expected && world.Journal == model.Journal && leaks == "" && IsBalanced(world.Journal))
            .Label($"\nexpected {expected}: {model.Journal}\nbut was  {ended.Text}: {world.Journal}\n{leaks}");
    }

    // Independent of the model: each entrance has its one exit, innermost first.
    private static bool IsBalanced(string journal)
    {
        var entered = new Stack<char>();
        foreach (var entry in journal.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (entry[0] is '+' or '(')
            {
                entered.Push(entry[1]);
            }
            else if (entry[0] is '-' or ')' && !(entered.TryPop(out var top) && top == entry[1]))
            {
                return false;
            }
        }

        return entered.Count == 0;
    }

    private static Ended RunUntyped(PipelineCase c, World world)
    {
        var builder = new PipelineBuilder { TimeProvider = world.Clock };
        for (var i = 0; i < c.Layers.Length; i++)
        {
            builder.Add(c.Layers[i].Kind == LayerKind.Wrapping
                ? new ScriptedWrap(world, i, c.Layers[i].Wraps)
                : new ScriptedStrategy(Script(c.Layers[i], world, i), c.IsForeign));
        }

        return Edges.Run(builder.Build(), c.Edge, c.HasContext, world, new ScriptedCallback(world, c.Callback));
    }

    private static Ended RunTyped(PipelineCase c, World world)
    {
        var builder = new PipelineBuilder<Tracked> { TimeProvider = world.Clock };
        for (var i = 0; i < c.Layers.Length; i++)
        {
            builder.Add(c.Layers[i].Kind switch
            {
                LayerKind.Wrapping => new ScriptedWrap(world, i, c.Layers[i].Wraps),
                LayerKind.Typed => new ScriptedTypedStrategy(Script(c.Layers[i], world, i), c.IsForeign),
                _ => new ScriptedStrategy(Script(c.Layers[i], world, i), c.IsForeign),
            });
        }

        return Edges.Run(builder.Build(), c.Edge, c.HasContext, world, new ScriptedCallback(world, c.Callback));
    }

    private static Script Script(LayerCase layer, World world, int position) => new Script(world, position)
        .OnEnter(layer.Enter).OnResumeEnter(layer.ResumeEnter).OnLeave(layer.Leave).OnResumeLeave(layer.ResumeLeave);
}
