using Resilience.Tests.Interleaving;

namespace Resilience.Tests.Hedging;

/// <summary>The product's course, played in a <see cref="CourseWorld"/>.</summary>
internal sealed class ProductCourse(CourseWorld world) : HedgeCourse<Explored>, ICourse
{
    int ICourse.Winner => Winner;

    bool ICourse.IsDecided => IsDecided;

    protected override int MaxAttempts => world.MaxAttempts;

    protected override long NextDue => world.NextDue;

    protected override bool IsParallel => world.IsParallel;

    void ICourse.Begin(bool waits)
    {
        Begin();
        Go(waits);
    }

    bool ICourse.TryAwait(Action continuation) => TryAwait(continuation);

    Action? ICourse.End(int index, AttemptEnding ending) => End(index, ending);

    Action? ICourse.EndUnstarted() => EndUnstarted();

    Action? ICourse.OnDelayOver() => OnDelayOver();

    void ICourse.Release() => Release();

    protected override bool TryPermit(out int debt)
    {
        debt = 0;
        return true;
    }

    protected override void GiveBack(int debt)
    {
    }

    protected override Action? Start(int index, int debt, HedgeReason reason) => world.Start(index);

    protected override bool IsUnderWay(int index) => world.IsUnderWay(index);

    protected override void Cancel(int index) => world.Cancel(index);

    protected override void Discard(int index) => world.Discard(index);

    protected override void OnDecided(int winner, int losers) => world.OnDecided(losers);

    protected override void OnLoserEnded() => world.OnLoserEnded();

    protected override void ArmTimer(long word) => world.Arm(word);

    protected override bool TryDisarmTimer(long word) => world.TryDisarm(word);

    protected override void Recycle() => world.Recycle();
}
