namespace Resilience.Caching.Tests;

public enum SeededBug
{
    EvictsTheNewest,
    ForgetsToPromoteAHit,
    ForgetsToPromoteAReplacement,
}
