namespace Resilience.Benchmarks;

/// <summary>
/// How many bytes an object keeps: by how much the heap has grown after a collection, once so many of them were made, by one of them.
/// </summary>
/// <param name="name">The name.</param>
/// <param name="count">How many to make.</param>
/// <param name="make">Makes one.</param>
internal sealed class MemoryRow(string name, int count, Func<object> make) : Row(name)
{
    /// <summary>Into how many parts the bytes of an object are divided.</summary>
    public int Parts { get; init; } = 1;

    /// <inheritdoc/>
    public override RowResult Measure(Control control)
    {
        // What all share, such as code and static fields, comes with the first.
        GC.KeepAlive(make());
        var made = new object[count];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < made.Length; i++)
        {
            made[i] = make();
        }

        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(made);
        return new RowResult
        {
            Name = Name,
            OurBytes = Math.Round((double)bytes / count / Parts, 1),
            BytesLimit = BytesLimit,
            Note = $"bytes kept; {Note}",
        };
    }
}
