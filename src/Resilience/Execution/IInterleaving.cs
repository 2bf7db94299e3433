namespace Resilience;

/// <summary>
/// The seam through which tests order the shared accesses of a lock-free type: it calls <see cref="Point"/> before each of them.
/// </summary>
internal interface IInterleaving
{
    /// <summary>Marks the shared access that follows.</summary>
    /// <param name="site">A number that names the access in a schedule.</param>
    static abstract void Point(int site);
}
