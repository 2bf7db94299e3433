namespace Resilience.Caching;

/// <summary>What a payload cache counts of the forms of its payloads, a column each of a striped counter.</summary>
internal static class PayloadColumn
{
    internal const int Inflated = 0;
    internal const int Corrupt = 1;
    internal const int Promotions = 2;
    internal const int Incompressible = 3;
    internal const int Compressions = 4;
    internal const int Recompressions = 5;
}
