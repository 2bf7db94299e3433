namespace Resilience.Caching.Tests.Payloads;

public sealed class HotSetTests
{
    [Fact]
    public void WhenAnyOperationsCome_BytesAndMembersAreThoseOfANaiveSet()
    {
        for (var seed = 1u; seed <= 200; seed++)
        {
            var random = new Random((int)seed);
            var set = new HotSet(random.Next(1, 2_000), seed);
            var members = new HashSet<Payload>();
            for (var i = 0; i < 300; i++)
            {
                Step(set, members, random);
                Assert.Equal(members.Sum(p => p.Length), set.Bytes);
            }

            foreach (var payload in members)
            {
                Assert.NotEqual(HotPlace.None, payload.Place);
                set.Remove(payload);
            }

            Assert.Equal(0, set.Bytes);
        }
    }

    [Fact]
    public void WhenOverItsShare_ThatIsTakenWhichIsUsedLeast()
    {
        var set = new HotSet(1_000, seed: 1);
        var payloads = Enumerable.Range(0, 10).Select(i => Make(100, heat: i + 1)).ToArray();
        Array.ForEach(payloads, set.AddKnown);
        Assert.False(set.TryTakeCold(out _));
        Assert.False(set.TryMakeRoom(heat: 1, 100, out var colder));
        Assert.Null(colder);
        Assert.True(set.TryMakeRoom(heat: 200, 100, out colder));
        Assert.NotNull(colder);
        Assert.True(set.TryMakeRoom(heat: 1, 100, out colder));
        Assert.Null(colder);

        // A new one that was used more than another goes before it.
        set.Add(Make(300, heat: 200));
        Assert.True(set.TryTakeCold(out var cold));
        Assert.Contains(cold, payloads);
        set.Remove(cold);
    }

    [Fact]
    public void WhenNewOnesAreNotUsed_TheOldestOfThemIsTakenFirst()
    {
        var set = new HotSet(320, seed: 1);
        var payloads = Enumerable.Range(0, 5).Select(_ => Make(100, heat: 0)).ToArray();
        foreach (var payload in payloads)
        {
            set.Add(payload);
        }

        Assert.True(set.TryTakeCold(out var first));
        Assert.True(set.TryTakeCold(out var second));
        Assert.False(set.TryTakeCold(out _));
        Assert.Equal([payloads[0], payloads[1]], [first, second]);
    }

    [Fact]
    public void WhenMissesPass_TheEpochMovesOn()
    {
        var set = new HotSet(1, seed: 1);
        for (var i = 0; i < 1_024; i++)
        {
            set.Age(entries: 10);
        }

        Assert.Equal(0, set.Epoch);
        set.Age(entries: 10);
        Assert.Equal(1, set.Epoch);
    }

    private static void Step(HotSet set, HashSet<Payload> members, Random random)
    {
        var some = members.Count == 0 ? Make(1, 0) : members.ElementAt(random.Next(members.Count));
        switch (random.Next(5))
        {
            case 0:
                var payload = Make(random.Next(1, 200), random.Next(9));
                set.Add(payload);
                members.Add(payload);
                break;
            case 1:
                payload = Make(random.Next(1, 200), random.Next(9));
                set.AddKnown(payload);
                members.Add(payload);
                break;
            case 2:
                set.Remove(some);
                members.Remove(some);
                break;
            case 3 when set.TryTakeCold(out var cold):
                Assert.True(members.Remove(cold));
                break;
            case 4 when set.TryMakeRoom(random.Next(9), random.Next(200), out var colder) && colder is not null:
                Assert.True(members.Remove(colder));
                break;
        }
    }

    private static Payload Make(int length, int heat) => new(new byte[1], length, isCompressed: false) { Heat = Heat.Word(heat, 0) };
}
