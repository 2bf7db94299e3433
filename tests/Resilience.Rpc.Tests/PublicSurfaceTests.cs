using Resilience.Tests;

namespace Resilience.Rpc.Tests;

/// <summary>What users see changes only with the file that says so.</summary>
public sealed class PublicSurfaceTests
{
    [Fact]
    public void ThePackage_ShowsWhatItsFileSays() => PublicSurface.Verify(typeof(JsonDigest).Assembly);
}
