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
            if (members[i].CompareTo(members[i - 1]) >= 0)
            {
                continue;
            }

            var member = members[i];
            var at = i;
            do
            {
                members[at] = members[at - 1];
                at--;
            }
            while (at > 0 && member.CompareTo(members[at - 1]) < 0);
            members[at] = member;
        }
    }
}
