using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Resilience.Rpc.Tests.Ethereum;

/// <summary>A node in a process of its own, on a free loopback port; stopped by its id.</summary>
internal sealed class EthereumNode : IAsyncDisposable
{
    private const int Tries = 5;
    private static readonly TimeSpan s_hang = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly HttpClient _http = new();

    private EthereumNode(Process process, int port)
    {
        _process = process;
        Client = new JsonRpcClient(_http, new Uri($"http://127.0.0.1:{port}/"));
    }

    public JsonRpcClient Client { get; }

    /// <summary>Ganache with a fixed wallet and chain, whose clock begins at a fixed moment.</summary>
    public static Task<EthereumNode> GanacheAsync() => StartAsync(
        "RPC Listening",
        port => ["node_modules/ganache/dist/node/cli.js", "--wallet.deterministic", "--chain.chainId", "1337", "--chain.time", "2020-01-01T00:00:00Z", "--server.port", $"{port}"]);

    public static Task<EthereumNode> HardhatAsync() => StartAsync(
        "Started HTTP", port => ["node_modules/hardhat/internal/cli/cli.js", "node", "--hostname", "127.0.0.1", "--port", $"{port}"]);

    /// <summary>Stops the process where it stands: it holds its connections and answers nothing.</summary>
    public Task StallAsync() => SignalAsync("STOP");

    /// <summary>Lets it go on.</summary>
    public Task ContinueAsync() => SignalAsync("CONT");

    /// <summary>Ends the process at once.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Calls a method that must have a result.</summary>
    public async Task<JsonRpcReply> CallAsync(JsonRpcRequest request)
    {
        var reply = await Client.CallAsync(request);
        Assert.True(reply.HasResult, $"{request}: {reply.Fault}, {reply.Reason}");
        return reply;
    }

    /// <summary>Mines a block at a moment, in seconds since 1970.</summary>
    public async Task MineAsync(long time)
    {
        using var reply = await CallAsync(new JsonRpcRequest("evm_mine", System.Text.Encoding.UTF8.GetBytes($"[{time}]")));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        _http.Dispose();
    }

    private static async Task<EthereumNode> StartAsync(string sign, Func<int, string[]> arguments)
    {
        await NodePackages.EnsureAsync();
        for (var tries = 1; ; tries++)
        {
            // Somebody else may take the port in between: then the process ends, and another port is tried.
            var port = FreePort();
            var process = Process.Start(new ProcessStartInfo("node", arguments(port))
            {
                WorkingDirectory = NodePackages.Folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
                Environment = { ["HARDHAT_DISABLE_TELEMETRY_PROMPT"] = "true" },
            })!;
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            if (await IsReadyAsync(process, sign))
            {
                return new EthereumNode(process, port);
            }

            process.Dispose();
            Assert.True(tries < Tries, $"{arguments(port)[0]} does not start.");
        }
    }

    private static async Task<bool> IsReadyAsync(Process process, string sign)
    {
        using var hang = new CancellationTokenSource(s_hang);
        while (await process.StandardOutput.ReadLineAsync(hang.Token) is { } line)
        {
            if (line.Contains(sign, StringComparison.Ordinal))
            {
                // A full pipe would stop the node.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return true;
            }
        }

        await process.WaitForExitAsync(hang.Token);
        return false;
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }
}
