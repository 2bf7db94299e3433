namespace Resilience.Rpc;

/// <summary>What paths that end at a value say of it.</summary>
[Flags]
internal enum PathRoles : byte
{
    None = 0,
    Ignored = 1,
    Projected = 2,
    HexData = 4,
    HexQuantity = 8,
}
