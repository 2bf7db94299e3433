namespace Resilience;

/// <inheritdoc/>
internal readonly struct RuleParts : IShortParts
{
    public static bool Rules => true;

    public static bool All => false;
}
