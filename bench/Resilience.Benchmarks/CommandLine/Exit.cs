namespace Resilience.Benchmarks;

/// <summary>The exit codes.</summary>
internal static class Exit
{
    public const int Done = 0;
    public const int Missed = 1;
    public const int WrongArguments = 2;

    public static int With(int code, TextWriter writer, string text)
    {
        writer.WriteLine(text);
        return code;
    }
}
