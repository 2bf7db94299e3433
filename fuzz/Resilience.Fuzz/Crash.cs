namespace Resilience.Fuzz;

/// <summary>An input that a target failed on.</summary>
/// <param name="Input">The input.</param>
/// <param name="Error">What the target threw.</param>
public sealed record Crash(byte[] Input, Exception Error)
{
    /// <summary>What names the failure: its type, and its message up to the first colon.</summary>
    public string Kind => $"{Error.GetType().Name} {Error.Message.Split(':')[0]}";

    /// <summary>Runs a target once.</summary>
    /// <param name="target">The target.</param>
    /// <param name="input">The input.</param>
    /// <returns>The crash, or null if the target was content.</returns>
    public static Crash? Of(Target target, byte[] input)
    {
        Behaviour.Clear();
        try
        {
            target(input);
            return null;
        }
        catch (Exception error)
        {
            return new Crash(input, error);
        }
    }
}
