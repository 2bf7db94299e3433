namespace Resilience.Caching.Tests;

internal enum LruKind
{
    Get,
    Set,
    SetExpiring,
    SetSliding,
    Remove,
    Advance,
    Enumerate,
    Resize,
}
