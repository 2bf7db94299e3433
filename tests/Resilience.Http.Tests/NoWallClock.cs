namespace Resilience.Http.Tests;

/// <summary>A time provider that fails whoever reads its wall clock.</summary>
internal sealed class NoWallClock : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => throw new InvalidOperationException("The wall clock was read.");
}
