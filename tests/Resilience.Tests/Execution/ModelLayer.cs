namespace Resilience.Tests.Execution;

/// <summary>One layer of the model and the answers that it has left.</summary>
internal sealed class ModelLayer(LayerCase layer)
{
    internal LayerKind Kind => layer.Kind;

    internal Queue<In> Enter { get; } = new(layer.Enter);

    internal Queue<In> ResumeEnter { get; } = new(layer.ResumeEnter);

    internal Queue<Out> Leave { get; } = new(layer.Leave);

    internal Queue<Out> ResumeLeave { get; } = new(layer.ResumeLeave);

    internal Queue<Wrap> Wraps { get; } = new(layer.Wraps);

    internal bool WaitedForSignal { get; set; }

    internal T Next<T>(Queue<T> answers, T otherwise) => answers.TryDequeue(out var next) ? next : otherwise;
}
