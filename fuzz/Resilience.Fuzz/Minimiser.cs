namespace Resilience.Fuzz;

/// <summary>
/// Makes a failing input smaller while it fails in the same way: removes pieces, largest first, then makes each byte plainer.
/// At most <see cref="MaxExecutions"/> executions of the target.
/// </summary>
public static class Minimiser
{
    /// <summary>The bound on executions.</summary>
    public const int MaxExecutions = 20_000;

    private const byte Plain = (byte)'0';

    /// <summary>The smallest crash of the same kind that was found.</summary>
    /// <param name="target">The target.</param>
    /// <param name="crash">The crash to start from.</param>
    public static Crash Minimise(Target target, Crash crash)
    {
        var executions = 0;
        for (var size = crash.Input.Length; size > 0 && executions < MaxExecutions;)
        {
            var smaller = Without(target, crash, size, ref executions);
            crash = smaller ?? crash;
            size = smaller is null ? size / 2 : Math.Min(size, crash.Input.Length);
        }

        for (var at = 0; at < crash.Input.Length && executions < MaxExecutions; at++)
        {
            var input = crash.Input.ToArray();
            input[at] = Plain;
            executions++;
            crash = Same(target, input, crash) ?? crash;
        }

        return crash;
    }

    private static Crash? Without(Target target, Crash crash, int size, ref int executions)
    {
        for (var from = 0; from < crash.Input.Length && executions < MaxExecutions; from += size)
        {
            var input = crash.Input.Where((_, at) => at < from || at >= from + size).ToArray();
            executions++;
            if (Same(target, input, crash) is { } smaller)
            {
                return smaller;
            }
        }

        return null;
    }

    private static Crash? Same(Target target, byte[] input, Crash crash) =>
        Crash.Of(target, input) is { } found && found.Kind == crash.Kind ? found : null;
}
