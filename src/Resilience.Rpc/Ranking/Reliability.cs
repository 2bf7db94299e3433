namespace Resilience.Rpc;

/// <summary>
/// The share of recent calls that were answered: an exponentially weighted mean in which a call counts for a sixteenth. Safe for any number
/// of threads; of calls that end at the same instant some may be passed over. A success where all is well writes nothing.
/// </summary>
internal sealed class Reliability
{
    private const double Share = 1.0 / 16;

    // Below this distance from 1 nothing more is written, so that a healthy endpoint's line is only read.
    private const double Close = 0.001;
    private double _value = 1;

    internal double Value => Volatile.Read(ref _value);

    internal void Record(bool answered)
    {
        var value = Volatile.Read(ref _value);
        if (answered && value == 1)
        {
            return;
        }

        var next = value + (((answered ? 1 : 0) - value) * Share);
        Interlocked.CompareExchange(ref _value, next > 1 - Close ? 1 : next, value);
    }
}
