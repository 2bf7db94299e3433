namespace Resilience.Arena;

/// <summary>
/// Counts what reached the upstream, by slice of the script. Thread-safe by interlocked adds; all memory is taken before the run.
/// An answer counts in the slice in which its request arrived.
/// </summary>
internal sealed class UpstreamLog
{
    private readonly double _sliceSeconds;
    private readonly int[] _attempts = new int[RunPlan.MaxCalls];
    private readonly int[] _arrived;
    private readonly int[][] _answered;
    private int _arrivedInOutage;

    public UpstreamLog(RunPlan plan)
    {
        _sliceSeconds = plan.SliceSeconds;
        int slices = plan.SliceCount + 1;
        _arrived = new int[slices];
        _answered = [.. Enum.GetValues<FateKind>().Select(_ => new int[slices])];
    }

    /// <summary>Counts a request and says which attempt of its call it is, from 1.</summary>
    public int Arrived(double second, int call, bool inOutage)
    {
        if (inOutage)
        {
            Interlocked.Increment(ref _arrivedInOutage);
        }

        Interlocked.Increment(ref _arrived[Slice(second)]);
        return Interlocked.Increment(ref _attempts[Math.Min(call, _attempts.Length - 1)]);
    }

    public void Answered(double second, FateKind kind) => Interlocked.Increment(ref _answered[(int)kind][Slice(second)]);

    public UpstreamResult Result()
    {
        int[] good = [.. Of(FateKind.Good).Zip(Of(FateKind.Stuck), (soon, late) => soon + late)];
        return new UpstreamResult(_arrived, good, Of(FateKind.Error), Of(FateKind.Reset), Volatile.Read(ref _arrivedInOutage));
    }

    private int[] Of(FateKind kind) => _answered[(int)kind];

    // The slice after the last holds what arrives while the run drains.
    private int Slice(double second) => Math.Min((int)(second / _sliceSeconds), _arrived.Length - 1);
}
