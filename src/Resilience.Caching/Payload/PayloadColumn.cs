namespace Resilience.Caching;

/// <summary>What a payload cache counts, a column each of its striped counter.</summary>
internal static class PayloadColumn
{
    internal const int Hits = 0;
    internal const int Inflated = 1;
    internal const int Misses = 2;
    internal const int Corrupt = 3;
    internal const int Promotions = 4;
    internal const int Incompressible = 5;
    internal const int Compressions = 6;
    internal const int Recompressions = 7;
}
