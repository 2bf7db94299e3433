using FsCheck;
using FsCheck.Fluent;

namespace Resilience.Tests.Execution;

/// <summary>A random pipeline, a random callback and an edge. Shrinks by dropping layers and answers.</summary>
internal sealed record PipelineCase(Edge Edge, bool HasContext, bool IsForeign, bool CancelBefore, Does[] Callback, LayerCase[] Layers)
{
    internal static Arbitrary<PipelineCase> Untyped { get; } = Arb.From(Cases(false), Shrink);

    internal static Arbitrary<PipelineCase> Typed { get; } = Arb.From(Cases(true), Shrink);

    public override string ToString() =>
        $"{Edge}{(HasContext ? " context" : "")}{(IsForeign ? " foreign" : "")}{(CancelBefore ? " cancelled before" : "")}, "
        + $"callback [{string.Join(' ', Callback)}], layers:\n{string.Join('\n', (IEnumerable<LayerCase>)Layers)}";

    private static Gen<PipelineCase> Cases(bool typed) =>
        from edge in typed
            ? Gen.Elements(Enum.GetValues<Edge>().Where(e => !Edges.IsVoid(e)).ToArray())
            : Gen.Elements(Enum.GetValues<Edge>())
        from context in Gen.Elements(true, false)
        from foreign in Gen.Elements(true, false)
        from before in Gen.Frequency((30, Gen.Constant(false)), (1, Gen.Constant(true)))
        from callback in Some(4, Gen.Frequency((6, Gen.Elements(Enum.GetValues<Does>()[..4])), (1, Gen.Elements(Enum.GetValues<Does>()))))
        from depth in Gen.Choose(0, 10)
        from layers in Gen.ArrayOf(LayerCase.Any(typed, wraps: foreign), depth)
        select new PipelineCase(edge, context, foreign, before, callback, layers);

    internal static Gen<T[]> Some<T>(int most, Gen<T> element) => Gen.Choose(0, most).SelectMany(n => Gen.ArrayOf(element, n));

    private static IEnumerable<PipelineCase> Shrink(PipelineCase c)
    {
        for (var i = 0; i < c.Layers.Length; i++)
        {
            yield return c with { Layers = [.. c.Layers[..i], .. c.Layers[(i + 1)..]] };
            foreach (var layer in c.Layers[i].Smaller())
            {
                yield return c with { Layers = [.. c.Layers[..i], layer, .. c.Layers[(i + 1)..]] };
            }
        }

        if (c.Callback.Length > 0)
        {
            yield return c with { Callback = c.Callback[..^1] };
            yield return c with { Callback = c.Callback[1..] };
        }

        if (c.HasContext)
        {
            yield return c with { HasContext = false };
        }

        if (c.Edge != Edge.ValueTask)
        {
            yield return c with { Edge = Edge.ValueTask };
        }
    }
}
