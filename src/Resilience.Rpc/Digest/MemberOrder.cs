namespace Resilience.Rpc;

/// <summary>Sorts members by the hash of their name, in place: by insertion while they are few, as nearly always. Allocates nothing.</summary>
internal static class MemberOrder
{
    private const int Few = 32;

    internal static void Sort(Span<DigestMember> members)
    {
        if (members.Length > Few)
        {
            members.Sort();
            return;
        }

        for (var i = 1; i < members.Length; i++)
        {
            var member = members[i];
            var at = i;
            for (; at > 0 && member.CompareTo(members[at - 1]) < 0; at--)
            {
                members[at] = members[at - 1];
            }

            members[at] = member;
        }
    }
}
