using System.Collections.Concurrent;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Resilience.Arena;

/// <summary>The column to the right of the bars: whatever markup was last set for the task. Thread-safe.</summary>
internal sealed class LiveTextColumn : ProgressColumn
{
    private readonly ConcurrentDictionary<int, string> _texts = new();

    protected override bool NoWrap => true;

    public void Set(ProgressTask task, string markup) => _texts[task.Id] = markup;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
        new Markup(_texts.GetValueOrDefault(task.Id, ""));
}
