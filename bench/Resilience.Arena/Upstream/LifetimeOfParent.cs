using Microsoft.Extensions.Hosting;

namespace Resilience.Arena;

/// <summary>Leaves signals alone: the upstream lives and dies with its parent, which is watched elsewhere.</summary>
internal sealed class LifetimeOfParent : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
