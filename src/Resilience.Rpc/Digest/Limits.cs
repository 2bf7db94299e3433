namespace Resilience.Rpc;

/// <summary>Checks a number that an option holds.</summary>
internal static class Limits
{
    /// <exception cref="ArgumentOutOfRangeException">The value is outside; the message names all three.</exception>
    internal static void Check(string property, long value, long least, long most)
    {
        if (value < least || value > most)
        {
            throw new ArgumentOutOfRangeException(property, value, $"{property} is {value}; it must lie between {least} and {most}.");
        }
    }
}
