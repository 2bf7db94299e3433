using Resilience.Fuzz;

try
{
    return new Runner(FuzzOptions.Parse(args), Console.Out).Run();
}
catch (FormatException error)
{
    Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine(FuzzOptions.Usage);
    return 2;
}
