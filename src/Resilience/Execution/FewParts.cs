namespace Resilience;

/// <inheritdoc/>
internal readonly struct FewParts : IShortParts
{
    public static bool Rules => false;

    public static bool All => false;
}
