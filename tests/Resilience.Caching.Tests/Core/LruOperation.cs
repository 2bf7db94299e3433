using FsCheck;
using FsCheck.Fluent;

namespace Resilience.Caching.Tests;

/// <summary>One step of a program over a small cache.</summary>
internal sealed record LruOperation(LruKind Kind, int Key, int Size, int Time)
{
    public static Gen<LruOperation> Gen { get; } =
        from kind in FsCheck.Fluent.Gen.Elements(
            LruKind.Get, LruKind.Get, LruKind.Get, LruKind.Set, LruKind.Set, LruKind.Set, LruKind.SetExpiring, LruKind.SetSliding,
            LruKind.Remove, LruKind.Advance, LruKind.Enumerate, LruKind.Resize)
        from key in FsCheck.Fluent.Gen.Choose(0, 9)
        from size in FsCheck.Fluent.Gen.Choose(0, 12)
        from time in FsCheck.Fluent.Gen.Choose(1, 6)
        select new LruOperation(kind, key, size, time);
}
