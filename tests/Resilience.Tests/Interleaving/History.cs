namespace Resilience.Tests.Interleaving;

/// <summary>
/// Collects the operations of one schedule, timed by its explorer, which runs one thread at a time: no lock is needed, and an operation that
/// ends with a point of its own is over only when that thread runs again.
/// </summary>
internal sealed class History<TIn, TOut>(Explorer explorer)
{
    private readonly List<Recorded<TIn, TOut>> _operations = [];

    public IReadOnlyList<Recorded<TIn, TOut>> Operations => _operations;

    public TOut Run(int client, TIn input, Func<TOut> operation)
    {
        var called = explorer.Now();
        var output = operation();
        _operations.Add(new(client, input, output, called, explorer.Now()));
        return output;
    }
}
