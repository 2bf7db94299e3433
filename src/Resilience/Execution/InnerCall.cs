namespace Resilience;

/// <summary>
/// What is inside one position of a call under way, for a strategy that runs it itself. Counted: the strategy holds it until its own
/// outcome is there, and each child call until it has ended, so that an abandoned child never finds it given away.
/// </summary>
internal abstract class InnerCall
{
    private int _holders;
    private int _version;

    internal PipelineCore Core { get; private set; } = null!;

    internal int Position { get; private set; }

    internal long Deadline { get; private set; }

    internal int DeadlineOwner { get; private set; }

    internal int Attempt { get; private set; }

    internal CallContext? Context { get; private set; }

    internal CancellationToken CallerToken { get; private set; }

    internal int Version => Volatile.Read(ref _version);

    internal void Hold() => Interlocked.Increment(ref _holders);

    /// <summary>The last holder gives the object back to its pool.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref _holders) != 0)
        {
            return;
        }

        Volatile.Write(ref _version, _version + 1);
        Core = null!;
        Context = null;
        CallerToken = default;
        Recycle();
    }

    protected void Begin(ref CallFrame frame)
    {
        Core = frame.Core;
        Position = frame.Position;
        Deadline = frame.Deadline;
        DeadlineOwner = frame.DeadlineOwner;
        Attempt = frame.Attempt;
        Context = frame.ContextOrNull;
        CallerToken = frame.CallerToken;
        Volatile.Write(ref _holders, 1);
    }

    protected abstract void Recycle();
}
