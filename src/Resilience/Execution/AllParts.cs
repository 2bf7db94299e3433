namespace Resilience;

/// <inheritdoc/>
internal readonly struct AllParts : IShortParts
{
    public static bool Rules => true;

    public static bool All => true;
}
