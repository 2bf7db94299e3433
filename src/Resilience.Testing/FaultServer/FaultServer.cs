using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Resilience.Testing;

/// <summary>
/// An HTTP/1.1 server on a loopback port that answers byte by byte as told, faults included, and keeps what it received.
/// Answers are used up in the order of the requests, whatever connections these come on; afterwards <see cref="Otherwise"/> is given.
/// Safe for concurrent use.
/// </summary>
public sealed class FaultServer : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<Answer> _answers = [];
    private readonly FaultRecord _record = new();
    private readonly Dictionary<FaultConnection, Task> _open = [];
    private readonly Channel<TaskCompletionSource> _steps = Channel.CreateUnbounded<TaskCompletionSource>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Task _accepting;
    private Answer _otherwise = Answer.Status(200);

    private FaultServer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}/");
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>How many connections it has accepted.</summary>
    public int Connections => _record.Connections;

    /// <summary>How many of them are open still.</summary>
    public int OpenConnections => _record.OpenConnections;

    /// <summary>The requests that have been read to the end of their bodies, in that order.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => _record.Requests;

    /// <summary>The answer once the queue is empty. Default: an empty 200.</summary>
    public Answer Otherwise
    {
        get => Volatile.Read(ref _otherwise);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Volatile.Write(ref _otherwise, value);
        }
    }

    /// <summary>Starts a server on a free port.</summary>
    public static FaultServer Start() => new();

    /// <summary>Adds answers to the queue.</summary>
    /// <param name="answers">The answers, one a request.</param>
    public void Enqueue(params ReadOnlySpan<Answer> answers)
    {
        lock (_gate)
        {
            foreach (var answer in answers)
            {
                ArgumentNullException.ThrowIfNull(answer);
                _answers.Enqueue(answer);
            }
        }
    }

    /// <summary>
    /// Lets one answer that stands at a pause go on, waiting for one to arrive there if need be. Ends when that answer stands at its next
    /// pause, or is over.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ObjectDisposedException">The server is disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the server disposed meanwhile.</exception>
    public async Task StepAsync(CancellationToken cancellationToken = default)
    {
        var step = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ObjectDisposedException.ThrowIf(!_steps.Writer.TryWrite(step), this);
        await step.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until at least so many requests have been read.</summary>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task WaitForRequestsAsync(int count, CancellationToken cancellationToken = default) =>
        _record.WaitForRequestsAsync(count, cancellationToken);

    /// <summary>Waits until at least one connection was accepted and none is open.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task WaitForNoConnectionAsync(CancellationToken cancellationToken = default) =>
        _record.WaitForNoConnectionAsync(cancellationToken);

    /// <summary>Resets every connection and stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
        Task[] open;
        lock (_gate)
        {
            open = [.. _open.Values];
        }

        await Task.WhenAll(open).ConfigureAwait(false);
        _steps.Writer.TryComplete();
        while (_steps.Reader.TryRead(out var step))
        {
            step.TrySetCanceled(CancellationToken.None);
        }
    }

    /// <summary>The answer that waits for no request, if that is the next one.</summary>
    internal Answer? NextOnConnect()
    {
        lock (_gate)
        {
            return _answers.TryPeek(out var answer) && answer.IsOnConnect ? _answers.Dequeue() : null;
        }
    }

    /// <summary>Keeps a request and gives its answer.</summary>
    internal Answer Next(ReceivedRequest request)
    {
        _record.Add(request);
        lock (_gate)
        {
            return _answers.TryDequeue(out var answer) ? answer : Otherwise;
        }
    }

    /// <summary>Waits until a step is asked for.</summary>
    internal ValueTask<TaskCompletionSource> NextStepAsync() => _steps.Reader.ReadAsync(_stop.Token);

    private async Task AcceptAsync()
    {
        while (await AcceptOneAsync().ConfigureAwait(false) is { } socket)
        {
            var connection = new FaultConnection(this, socket, _record.Open());
            lock (_gate)
            {
                _open.Add(connection, ServeAsync(connection));
            }
        }
    }

    private async Task<Socket?> AcceptOneAsync()
    {
        try
        {
            return await _listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    private async Task ServeAsync(FaultConnection connection)
    {
        // The caller holds the gate until the connection is in the table.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await connection.RunAsync(_stop.Token).ConfigureAwait(false);
        }
        finally
        {
            // In this order: whoever disposes waits for what is in the table.
            _record.Close();
            lock (_gate)
            {
                _open.Remove(connection);
            }
        }
    }
}
