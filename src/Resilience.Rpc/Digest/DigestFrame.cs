namespace Resilience.Rpc;

/// <summary>An object or array that is open.</summary>
internal struct DigestFrame
{
    // Not readonly: filled in place while the members or elements pass.
    internal SipHash Elements;
    internal Hash128 Name;
    internal int FirstMember;
    internal bool IsArray;
    internal DigestPlace Place;
    internal DigestPlace Child;
}
