using FsCheck;
using FsCheck.Fluent;
using Resilience.Testing;

namespace Resilience.Caching.Tests;

/// <summary>
/// The cache under the strict policy against a list: every answer, count, byte and what is left after each step, over entries, bytes, expiry and
/// a clock moved by hand. A failure prints the seed; replay it with <c>Config.WithReplay</c>.
/// </summary>
public sealed class StrictLruModelTests
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(120).WithQuietOnSuccess(true);

    [Fact]
    public void WhenAnyProgramRuns_TheCacheDoesWhatTheListDoes() => Check.One(s_config, Programs(null));

    [Theory]
    [InlineData(SeededBug.EvictsTheNewest)]
    [InlineData(SeededBug.ForgetsToPromoteAHit)]
    [InlineData(SeededBug.ForgetsToPromoteAReplacement)]
    public void WhenThePolicyHasABug_TheModelCatchesIt(SeededBug bug) =>
        Assert.ThrowsAny<Exception>(() => Check.One(s_config, Programs(gate => new SeededLru(bug, gate))));

    private static Property Programs(Func<Lock, EvictionPolicy>? policy) =>
        Prop.ForAll(LruOperation.Gen.ArrayOf().ToArbitrary(), program => Agrees(program, policy));

    private static Property Agrees(LruOperation[] program, Func<Lock, EvictionPolicy>? policy)
    {
        var clock = new ManualClock();
        var model = new LruModel();
        var released = new List<(int Key, int Value)>();
        var core = new CacheCore<int, int, Production>(
            new CoreSettings<int>
            {
                MaxEntries = model.MaxEntries,
                MaxBytes = model.MaxBytes,
                InitialCapacity = 16,
                Clock = Clock.For(clock),
                Eviction = CacheEviction.LeastRecentlyUsed,
                Policy = policy,
            },
            (entry, _) => released.Add((entry.Key, entry.Value)));
        var stored = 0;
        for (var i = 0; i < program.Length; i++)
        {
            var (answer, expected) = Step(core, model, clock, program[i], i, ref stored);
            var state = (answer, core.Bounds.Entries, core.Bounds.Bytes, stored - released.Count);
            var wanted = (expected, model.Count, (long)model.Bytes, model.Count);
            if (state != wanted)
            {
                return false.Label($"step {i}, {program[i]}: {state}, expected {wanted}");
            }
        }

        return true.ToProperty();
    }

    private static (string Answer, string Expected) Step(
        CacheCore<int, int, Production> core, LruModel model, ManualClock clock, LruOperation operation, int value, ref int stored)
    {
        var second = TimeSpan.FromSeconds(1);
        switch (operation.Kind)
        {
            case LruKind.Get:
                return ($"{Get(core, operation.Key)}", $"{model.Get(operation.Key)}");
            case LruKind.Set or LruKind.SetExpiring or LruKind.SetSliding:
                var entry = new CacheEntry<int, int>(operation.Key, value, core.Hash(operation.Key)) { Size = operation.Size * 2 };
                var span = operation.Kind == LruKind.Set ? (TimeSpan?)null : operation.Time * second;
                var isSliding = operation.Kind == LruKind.SetSliding;
                new CacheEntryOptions { TimeToLive = isSliding ? null : span, Sliding = isSliding ? span : null }.ApplyTo(entry, core.Clock.Coarse);
                var until = span is null ? (int?)null : model.Now + operation.Time;
                var set = core.Set(entry);
                stored += set ? 1 : 0;
                return ($"{set}", $"{model.Set(operation.Key, value, operation.Size * 2, until, isSliding ? operation.Time : 0)}");
            case LruKind.Remove:
                var removed = core.Find(operation.Key) is { } found && core.Remove(found, RemovalReason.Removed);
                return ($"{removed}", $"{model.Remove(operation.Key)}");
            case LruKind.Advance:
                clock.Advance(operation.Time * second);
                model.Now += operation.Time;
                return ("", "");
            case LruKind.Resize:
                core.Resize(1 + (operation.Key % 7), 12 + operation.Size);
                model.Resize(1 + (operation.Key % 7), 12 + operation.Size);
                return ("", "");
            default:
                var fresh = core.Enumerate().Where(e => e.IsFreshNow(core.Clock)).Select(e => (e.Key, e.Value)).Order();
                return (string.Join(',', fresh), model.Fresh);
        }
    }

    private static int? Get(CacheCore<int, int, Production> core, int key)
    {
        var entry = core.Find(key);
        if (entry is null)
        {
            return null;
        }

        if (entry.IsFresh(core.Clock))
        {
            core.Touch(entry);
            return entry.Value;
        }

        core.RemoveDead(entry);
        return null;
    }
}
