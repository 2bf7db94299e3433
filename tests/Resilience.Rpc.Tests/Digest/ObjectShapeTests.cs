using System.Text;
using System.Text.Json;

namespace Resilience.Rpc.Tests.Digest;

/// <summary>Objects beside each other, whose names are expected from the one before: nothing may follow from that but speed.</summary>
public sealed class ObjectShapeTests
{
    private static readonly string[] s_names = ["a", "b", "ab", "blockNumber", "transactionHash", "a name of more than sixteen bytes", "é"];

    [Fact]
    public void WhenNamesAreAsBefore_OrNot_EachObjectIsReadAsIfItCameFirst()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var objects = Enumerable.Range(0, 12).Select(_ => Members(random)).ToArray();
            var shuffled = objects.Select(members => random.Next(3) == 0 ? members : members.OrderBy(_ => random.Next()).ToArray());

            // In the second each object is the first of its builder's depth, or comes after others.
            Assert.Equal(Digest(objects), Digest(shuffled));
            var changed = objects.Select(members => members.ToArray()).ToArray();
            var at = random.Next(changed.Length);
            changed[at] = [.. changed[at].Skip(1), ("other", "0")];
            Assert.NotEqual(Digest(objects), Digest(changed));
        }
    }

    [Theory]
    [InlineData("""[{"a":1,"b":2},{"a":1,"b":2},{"a":1,"b":2},{"a":1,"a":2}]""")]
    [InlineData("""[{"a":1,"b":2},{"a":1,"b":2},{"a":1,"b":2},{"a":1,"b":2,"a":3}]""")]
    [InlineData("""[{"a":1},{"a":1},{"a":1,"b":1,"b":2}]""")]
    [InlineData("""[{"a":{"a":1},"b":2},{"a":{"a":1},"b":2},{"a":{"b":1,"b":1},"b":2}]""")]
    [InlineData("""[{"a":1,"a":1},{"a":1,"a":1},{"a":1,"a":1}]""")]
    public void WhenANameComesTwice_ItIsSeen_WhateverCameBefore(string json) =>
        Assert.Throws<JsonException>(() => JsonDigest.Whole.Compute(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(70)]
    public void WhenThereAreManyMembers_NoneIsLost(int count)
    {
        (string, string)[] members = [.. Enumerable.Range(0, count).Select(i => ($"n{i}", $"{i}"))];
        var other = members.ToArray();
        other[^1] = (other[^1].Item1, "-1");
        Assert.Equal(Digest([members, members, members]), Digest([members, members.Reverse(), members]));
        Assert.NotEqual(Digest([members, members, members]), Digest([members, members, other]));
    }

    [Fact]
    public void WhenAFaultCutAnObjectOff_TheNextDocumentIsUntouched()
    {
        var digest = new JsonDigest();
        var json = Encoding.UTF8.GetBytes("""[{"a":1,"b":2},{"a":1,"b":2},{"a":1,"b":2}]""");
        var expected = digest.Compute(json);
        Assert.Throws<JsonException>(() => digest.Compute(Encoding.UTF8.GetBytes("""[{"a":1,"c":2,"c":2}]""")));
        Assert.Throws<JsonException>(() => digest.Compute(Encoding.UTF8.GetBytes("""[{"a":1,"b":""")));
        Assert.Equal(expected, digest.Compute(json));
    }

    private static (string Name, string Value)[] Members(Random random) =>
        [.. s_names.Where(_ => random.Next(5) > 0).Select(name => (name, $"{random.Next(2)}"))];

    private static UInt128 Digest(IEnumerable<IEnumerable<(string Name, string Value)>> objects) => JsonDigest.Whole.Compute(Encoding.UTF8.GetBytes(
        $"[{string.Join(',', objects.Select(members => $"{{{string.Join(',', members.Select(m => $"\"{m.Name}\":{m.Value}"))}}}"))}]"));
}
