namespace Resilience;

/// <summary>Says how long what is inside a timeout may take. Asked once each time that the timeout is entered, by any number of threads.</summary>
internal abstract class TimeoutSource
{
    /// <summary>No limit from this timeout.</summary>
    internal static readonly TimeSpan None = TimeSpan.MaxValue;

    /// <summary>Whether user code is asked.</summary>
    internal virtual bool RunsForeignCode => false;

    /// <summary>Whether it may give less than the steps of the coarse clock should blur.</summary>
    internal abstract bool NeedsFineClock { get; }

    /// <summary>How long, or <see cref="None"/>.</summary>
    internal abstract TimeSpan Next(TimeoutRequest request);
}
