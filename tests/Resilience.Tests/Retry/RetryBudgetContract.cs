using Resilience.Testing;

namespace Resilience.Tests.Retry;

/// <summary>What every retry budget keeps to.</summary>
public abstract class RetryBudgetContract
{
    protected ManualClock Clock { get; } = new();

    [Fact]
    public void WhenNew_AFailedCallIsGrantedARetry()
    {
        var debt = default(RetryDebt);
        Assert.True(FailAndAsk(Create(), ref debt));
    }

    [Fact]
    public void WhenEveryCallFails_RetriesAreRefusedInTheEnd_AndTheRefusalsAreCounted()
    {
        var budget = Create();
        Exhaust(budget);
        Assert.Equal(1, budget.Rejections);
        var debt = default(RetryDebt);
        Assert.False(FailAndAsk(budget, ref debt));
        Assert.Equal(2, budget.Rejections);
    }

    [Fact]
    public void WhenRefused_NothingElseChanges()
    {
        var budget = Create();
        Exhaust(budget);
        var level = Level(budget);
        var debt = default(RetryDebt);
        for (var i = 0; i < 100; i++)
        {
            Assert.False(budget.TryWithdraw(afterTimeout: true, ref debt));
        }

        Assert.Equal(level, Level(budget));
        Assert.Equal(default, debt);
    }

    [Fact]
    public void WhenSpent_CallsStillStartAndWorkUnderWayEndsAsEver()
    {
        var budget = Create();
        var debts = Exhaust(budget);
        for (var i = 0; i < 1_000; i++)
        {
            var none = default(RetryDebt);
            budget.OnStart();
            budget.OnEnd(success: true, ref none);
        }

        for (var i = 0; i < debts.Length; i++)
        {
            budget.OnEnd(success: true, ref debts[i]);
            Assert.Equal(default, debts[i]);
        }

        Clock.Advance(TimeSpan.FromMinutes(1));
        var debt = default(RetryDebt);
        Assert.True(FailAndAsk(budget, ref debt));
    }

    [Fact]
    public void WhenADebtIsSettledTwice_TheSecondTimeDoesNothing()
    {
        var budget = Create();
        Exhaust(budget);
        var debt = new RetryDebt(1);
        budget.Settle(success: true, ref debt);
        var level = Level(budget);
        budget.Settle(success: true, ref debt);
        Assert.Equal(level, Level(budget));
    }

    [Fact]
    public void WhenUsed_NothingIsAllocated()
    {
        var budget = Create();
        Rounds(budget, 2_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Rounds(budget, 10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void WhenFourThreadsShareIt_EverythingIsSettledInTheEnd()
    {
        var budget = Create();
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() => Rounds(budget, 25_000)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        for (var i = 0; i < 10_000; i++)
        {
            var none = default(RetryDebt);
            budget.OnStart();
            budget.OnEnd(success: true, ref none);
        }

        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(Level(Create()), Level(budget));
    }

    [Fact]
    public void WhenWrittenOut_ItDescribesItself() => Assert.Equal(Description, Create().ToString());

    protected abstract string Description { get; }

    protected abstract RetryBudget Create();

    /// <summary>What the budget shows of itself, to compare.</summary>
    protected abstract object Level(RetryBudget budget);

    protected static bool FailAndAsk(RetryBudget budget, ref RetryDebt debt)
    {
        budget.OnStart();
        budget.OnFailure();
        return budget.TryWithdraw(afterTimeout: false, ref debt);
    }

    private static RetryDebt[] Exhaust(RetryBudget budget)
    {
        var debts = new List<RetryDebt>();
        while (true)
        {
            var debt = default(RetryDebt);
            var granted = FailAndAsk(budget, ref debt);
            debts.Add(debt);
            if (!granted)
            {
                return [.. debts];
            }

            Assert.True(debts.Count < 10_000, "a budget without a bottom");
        }
    }

    private static void Rounds(RetryBudget budget, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var debt = default(RetryDebt);
            budget.OnStart();
            for (var attempt = 0; attempt < i % 3; attempt++)
            {
                budget.OnFailure();
                budget.TryWithdraw(afterTimeout: i % 2 == 0, ref debt);
            }

            budget.OnEnd(success: i % 5 != 0, ref debt);
        }
    }
}
