using Resilience.Tests;

namespace Resilience.Caching.Tests;

/// <summary>What users see changes only with the file that says so.</summary>
public sealed class PublicSurfaceTests
{
    [Fact]
    public void ThePackage_ShowsWhatItsFileSays() => PublicSurface.Verify(typeof(ResilientCache<,>).Assembly);
}
