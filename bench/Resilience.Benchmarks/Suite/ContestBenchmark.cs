using BenchmarkDotNet.Attributes;

namespace Resilience.Benchmarks;

/// <summary>
/// The rows of a type under BenchmarkDotNet: the bare callback as baseline, ours and the peer beside it, on one thread and on two that
/// share one object.
/// </summary>
[MemoryDiagnoser]
public abstract class ContestBenchmark
{
    private const int Calls = 20_000;
    private readonly string _family;
    private Contest? _contest;
    private Crew? _crew;

    /// <summary>The benchmarks of the rows that begin with <paramref name="family"/>.</summary>
    protected ContestBenchmark(string family) => _family = family;

    /// <summary>The rows of the type.</summary>
    public IEnumerable<string> Rows => RowList.Find([_family]).OfType<ContestRow>().Where(row => row.Threads == 1).Select(row => row.Name);

    /// <summary>The row under measurement.</summary>
    [ParamsSource(nameof(Rows))]
    public string Row { get; set; } = "";

    /// <summary>How many threads share the row's one object.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>Builds both sides.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _contest = ((ContestRow)RowList.Find([Row])[0]).CreateContest();
        _contest.Both(Calls);
        _crew = new Crew(Threads);
    }

    /// <summary>Ends the threads.</summary>
    [GlobalCleanup]
    public void CleanUp() => _crew?.Dispose();

    /// <summary>The callback alone.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Calls)]
    public double Bare() => _crew!.Run(_contest!.Bare, Calls).Nanoseconds;

    /// <summary>Through our pipeline.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public double Ours() => _crew!.Run(_contest!.Ours, Calls).Nanoseconds;

    /// <summary>Through the peer's.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public double Peer() => _crew!.Run(_contest!.Peer, Calls).Nanoseconds;
}
