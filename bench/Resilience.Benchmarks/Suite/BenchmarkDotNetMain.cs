using BenchmarkDotNet.Running;

namespace Resilience.Benchmarks;

/// <summary>The verb "bdn".</summary>
internal static class BenchmarkDotNetMain
{
    public static int Run(string[] arguments)
    {
        if (arguments.Length == 0)
        {
            return Exit.With(Exit.WrongArguments, Console.Error, $"Say which benchmarks: --filter '*' for all.\n\n{Usage.Text}");
        }

        var ran = BenchmarkSwitcher.FromAssembly(typeof(BenchmarkDotNetMain).Assembly).Run(arguments).ToArray();
        return ran.Any(summary => summary.HasCriticalValidationErrors) ? Exit.WrongArguments : Exit.Done;
    }
}
