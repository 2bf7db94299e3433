namespace Resilience.Tests;

/// <summary>What users see changes only with the file that says so.</summary>
public sealed class PublicSurfaceTests
{
    [Fact]
    public void ThePackage_ShowsWhatItsFileSays() => PublicSurface.Verify(typeof(Pipeline).Assembly);

    [Fact]
    public void TheTestingPackage_ShowsWhatItsFileSays() => PublicSurface.Verify(typeof(Testing.ManualClock).Assembly);
}
