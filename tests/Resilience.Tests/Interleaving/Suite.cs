namespace Resilience.Tests.Interleaving;

/// <summary>Prints what a suite explored, so that a run shows how much was tried and not only that it passed.</summary>
internal static class Suite
{
    public static void Report(string name, string seen)
    {
        var line = $"{name}: {seen}";
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        TestContext.Current.SendDiagnosticMessage(line);
    }
}
