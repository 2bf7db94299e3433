namespace Resilience.Rpc;

/// <summary>A member of an open object: the hashes of its name and value, both zero for a value that is not compared.</summary>
/// <param name="Name">The hash of the name.</param>
/// <param name="Value">The hash of the value.</param>
internal readonly record struct DigestMember(Hash128 Name, Hash128 Value) : IComparable<DigestMember>
{
    public int CompareTo(DigestMember other) =>
        Name.First != other.Name.First ? Name.First.CompareTo(other.Name.First) : Name.Second.CompareTo(other.Name.Second);
}
