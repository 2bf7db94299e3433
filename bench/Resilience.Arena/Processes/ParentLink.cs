using System.Threading.Channels;

namespace Resilience.Arena;

/// <summary>
/// A child's side of the line to its parent. When the parent goes, however it goes, the pipe closes and the child ends itself;
/// a child that outlives every plan ends itself too.
/// </summary>
internal sealed class ParentLink
{
    private const int OrphanedExitCode = 3;
    private const int OverdueExitCode = 4;

    private static readonly TimeSpan s_longestLife = TimeSpan.FromMinutes(15);

    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly TextWriter _output = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
    private readonly Timer _overdue = new(_ => Environment.Exit(OverdueExitCode), null, s_longestLife, Timeout.InfiniteTimeSpan);

    public ParentLink()
    {
        new Thread(Listen) { IsBackground = true, Name = "parent link" }.Start();
    }

    public void Send<T>(string word, T payload)
    {
        try
        {
            _output.WriteLine(Wire.Line(word, payload));
        }
        catch (IOException)
        {
            Environment.Exit(OrphanedExitCode);
        }
    }

    public async Task<T> ReceiveAsync<T>(string word)
    {
        string line = await _lines.Reader.ReadAsync();
        return Wire.Word(line) == word
            ? Wire.Payload<T>(line)
            : throw new InvalidOperationException($"Expected '{word}' from the parent, got '{Wire.Word(line)}'.");
    }

    private void Listen()
    {
        using var input = new StreamReader(Console.OpenStandardInput());
        while (input.ReadLine() is { } line)
        {
            _lines.Writer.TryWrite(line);
        }

        GC.KeepAlive(_overdue);
        Environment.Exit(OrphanedExitCode);
    }
}
