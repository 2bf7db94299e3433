namespace Resilience.Rpc.Tests.Ethereum;

/// <summary>Three Ganache nodes that agree on their first two blocks and on everything before, and a Hardhat node.</summary>
public sealed class EthereumNodes : IAsyncLifetime
{
    /// <summary>The moment of block 1.</summary>
    public const long Time = 1_600_000_000;

    internal IReadOnlyList<EthereumNode> Ganache { get; private set; } = [];

    internal EthereumNode Hardhat { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Ganache = await Task.WhenAll(EthereumNode.GanacheAsync(), EthereumNode.GanacheAsync(), EthereumNode.GanacheAsync());
        Hardhat = await EthereumNode.HardhatAsync();
        await Task.WhenAll(Ganache.Select(node => node.MineAsync(Time)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Ganache.Append(Hardhat))
        {
            await node.DisposeAsync();
        }
    }
}
