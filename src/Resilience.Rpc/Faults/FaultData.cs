namespace Resilience.Rpc;

/// <summary>The tables that are embedded in this assembly: a row a line; empty lines and those that begin with # say nothing.</summary>
internal static class FaultData
{
    internal static IReadOnlyList<string> Rows(string file)
    {
        using var stream = typeof(FaultData).Assembly.GetManifestResourceStream($"Resilience.Rpc.Faults.{file}")!;
        using var reader = new StreamReader(stream);
        return Rows(reader);
    }

    internal static IReadOnlyList<string> Rows(TextReader reader)
    {
        var rows = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                rows.Add(line);
            }
        }

        return rows;
    }
}
