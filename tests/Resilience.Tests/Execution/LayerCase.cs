using FsCheck;
using FsCheck.Fluent;

namespace Resilience.Tests.Execution;

/// <summary>One random layer of a pipeline and its answers.</summary>
internal sealed record LayerCase(LayerKind Kind, In[] Enter, In[] ResumeEnter, Out[] Leave, Out[] ResumeLeave, Wrap[] Wraps)
{
    internal static Gen<LayerCase> Any(bool typed, bool wraps) =>
        from kind in Gen.Frequency(
            (6, Gen.Constant(LayerKind.Plain)),
            (typed ? 4 : 0, Gen.Constant(LayerKind.Typed)),
            (wraps ? 1 : 0, Gen.Constant(LayerKind.Wrapping)))
        from enter in PipelineCase.Some(3, Gen.Frequency((8, Gen.Constant(In.Go)), (2, Gen.Elements(Enum.GetValues<In>()))))
        from resumeEnter in PipelineCase.Some(3, Gen.Frequency((3, Gen.Constant(In.Go)), (2, Gen.Elements(Enum.GetValues<In>()))))
        from leave in PipelineCase.Some(4, Gen.Frequency((4, Gen.Constant(Out.Continue)), (3, Gen.Elements(Enum.GetValues<Out>()))))
        from resumeLeave in PipelineCase.Some(4, Gen.Elements(Enum.GetValues<Out>()))
        from wrap in PipelineCase.Some(2, Gen.Elements(Enum.GetValues<Wrap>()))
        select kind == LayerKind.Wrapping
            ? new LayerCase(kind, [], [], [], [], wrap)
            : new LayerCase(kind, enter, resumeEnter, leave, resumeLeave, []);

    public override string ToString() => Kind == LayerKind.Wrapping
        ? $"  {Kind} [{string.Join(' ', Wraps)}]"
        : $"  {Kind} enter [{string.Join(' ', Enter)}] [{string.Join(' ', ResumeEnter)}] "
            + $"leave [{string.Join(' ', Leave)}] [{string.Join(' ', ResumeLeave)}]";

    internal IEnumerable<LayerCase> Smaller()
    {
        if (Kind == LayerKind.Typed)
        {
            yield return this with { Kind = LayerKind.Plain };
        }

        foreach (var enter in Shorter(Enter))
        {
            yield return this with { Enter = enter };
        }

        foreach (var resume in Shorter(ResumeEnter))
        {
            yield return this with { ResumeEnter = resume };
        }

        foreach (var leave in Shorter(Leave))
        {
            yield return this with { Leave = leave };
        }

        foreach (var resume in Shorter(ResumeLeave))
        {
            yield return this with { ResumeLeave = resume };
        }

        foreach (var wraps in Shorter(Wraps))
        {
            yield return this with { Wraps = wraps };
        }
    }

    private static IEnumerable<T[]> Shorter<T>(T[] answers)
    {
        for (var i = 0; i < answers.Length; i++)
        {
            yield return [.. answers[..i], .. answers[(i + 1)..]];
        }
    }
}
