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

        BenchmarkSwitcher.FromAssembly(typeof(BenchmarkDotNetMain).Assembly).Run(arguments);
        return Exit.Done;
    }
}
