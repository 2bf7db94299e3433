using System.Diagnostics;
using System.Threading.Channels;

namespace Resilience.Arena;

/// <summary>The parent's side of a child: this executable once more, with an internal argument. Disposing it ends it by its id.</summary>
internal sealed class Child : IAsyncDisposable
{
    private const int MostErrorLines = 20;

    private readonly Process _process;
    private readonly string _name;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Queue<string> _errors = new();

    private Child(string name, Process process)
    {
        _name = name;
        _process = process;
        process.OutputDataReceived += (_, line) => Heard(line.Data);
        process.ErrorDataReceived += (_, line) => Complained(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public static Child Launch(string name, string argument)
    {
        string self = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this executable is unknown.");
        var start = new ProcessStartInfo(self)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (Path.GetFileNameWithoutExtension(self) == "dotnet")
        {
            start.ArgumentList.Add(typeof(Child).Assembly.Location);
        }

        start.ArgumentList.Add(argument);
        return new Child(name, Process.Start(start) ?? throw new InvalidOperationException($"{name} did not start."));
    }

    public async Task SendAsync<T>(string word, T payload)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(Wire.Line(word, payload));
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException broken)
        {
            throw Gone(broken);
        }
    }

    /// <summary>The next message with the given word; messages with other words go to <paramref name="meanwhile"/>.</summary>
    public async Task<T> ReceiveAsync<T>(string word, CancellationToken token, Action<string>? meanwhile = null)
    {
        try
        {
            while (true)
            {
                string line = await _lines.Reader.ReadAsync(token);
                if (Wire.Word(line) == word)
                {
                    return Wire.Payload<T>(line);
                }

                meanwhile?.Invoke(line);
            }
        }
        catch (ChannelClosedException closed)
        {
            throw Gone(closed);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }

        _process.Dispose();
    }

    private void Heard(string? line)
    {
        if (line is null)
        {
            _lines.Writer.TryComplete();
            return;
        }

        _lines.Writer.TryWrite(line);
    }

    private void Complained(string? line)
    {
        lock (_errors)
        {
            if (line is not null && _errors.Count < MostErrorLines)
            {
                _errors.Enqueue(line);
            }
        }
    }

    private InvalidOperationException Gone(Exception inner)
    {
        lock (_errors)
        {
            return new InvalidOperationException($"{_name} ended before its time. {string.Join(Environment.NewLine, _errors)}", inner);
        }
    }
}
