using System.Diagnostics;

namespace Resilience.Fuzz;

/// <summary>
/// One target driven by mutated inputs until time, executions or a crash ends it. The same seed, starting inputs and number of executions
/// give the same campaign. <see cref="Run"/> is called once; the counters may be read from another thread while it runs.
/// </summary>
public sealed class Campaign
{
    private const int ExecutionsPerTimeCheck = 64;

    private readonly FuzzTarget _target;
    private readonly Random _random;
    private readonly Mutator _mutator;
    private readonly Corpus _corpus = new();
    private long _executions;
    private byte[]? _current;

    /// <summary>A campaign against a target.</summary>
    /// <param name="target">The target.</param>
    /// <param name="seed">What decides every choice.</param>
    public Campaign(FuzzTarget target, int seed)
    {
        _target = target;
        _random = new Random(seed);
        _mutator = new Mutator(_random, target.Tokens);
    }

    /// <summary>How many inputs were run.</summary>
    public long Executions => Volatile.Read(ref _executions);

    /// <summary>The input that runs now: what to keep if it never ends. Null before the first one.</summary>
    public byte[]? Current => Volatile.Read(ref _current);

    /// <summary>The inputs that showed something new.</summary>
    public Corpus Corpus => _corpus;

    /// <summary>Runs the starting inputs, then mutations of what was interesting.</summary>
    /// <param name="start">The starting inputs.</param>
    /// <param name="time">When to stop.</param>
    /// <param name="executions">After how many executions to stop.</param>
    /// <returns>The first crash, minimised; null if there was none.</returns>
    public Crash? Run(IEnumerable<byte[]> start, TimeSpan time, long executions)
    {
        foreach (var input in start)
        {
            if (Execute(input) is { } crash)
            {
                return Minimiser.Minimise(_target.Run, crash);
            }
        }

        var watch = Stopwatch.StartNew();
        while (_executions < executions && (_executions % ExecutionsPerTimeCheck != 0 || watch.Elapsed < time))
        {
            if (Execute(_mutator.Mutate(_corpus.Pick(_random), _corpus.Pick(_random))) is { } crash)
            {
                return Minimiser.Minimise(_target.Run, crash);
            }
        }

        return null;
    }

    private Crash? Execute(byte[] input)
    {
        Volatile.Write(ref _current, input);
        var crash = Crash.Of(_target.Run, input);
        _corpus.Offer(input, Behaviour.Seen);
        Volatile.Write(ref _executions, _executions + 1);
        return crash;
    }
}
