namespace Resilience.Rpc;

/// <summary>An object or array that is open.</summary>
internal struct DigestFrame
{
    // Not readonly: filled in place while the members or elements pass.
    internal SipHash Elements;
    internal Hash128 Name;
    internal int FirstMember;
    internal bool IsArray;

    // Whether every name so far was the one that its shape expected.
    internal bool IsAsExpected;
    internal DigestPlace Place;
    internal DigestPlace Child;
}
