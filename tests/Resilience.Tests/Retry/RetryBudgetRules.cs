namespace Resilience.Tests.Retry;

/// <summary>The rules of the four budgets, each worked out from the whole list of events in decimal numbers.</summary>
internal static class RetryBudgetRules
{
    /// <summary>20 % of calls and 2 a second over 10 s, in thousandths of a retry; what leaks is rounded up.</summary>
    internal static bool LeakyBucket(RetryBudgetModel model, int call, bool afterTimeout)
    {
        const decimal Ttl = 10_000, Minimum = 2;
        var balance = 0m;
        var last = 0L;
        foreach (var e in model.Events.Where(e => e.Kind is BudgetEventKind.Start or BudgetEventKind.Grant))
        {
            balance = AfterWaiting(balance, e.At - last) + (e.Kind == BudgetEventKind.Start ? 200 : -1_000);
            last = e.At;
        }

        return AfterWaiting(balance, model.Now - last) - 1_000 >= -Minimum * Ttl;

        static decimal AfterWaiting(decimal balance, decimal elapsed) => balance > 0
            ? Math.Max(0, balance - Math.Ceiling(balance * elapsed / Ttl))
            : Math.Min(0, balance + (Minimum * elapsed));
    }

    /// <summary>20 % of the calls in flight, at least 2.</summary>
    internal static bool InFlight(RetryBudgetModel model, int call, bool afterTimeout)
    {
        var others = model.InFlight.Count(other =>
            other != call && model.Events.Any(e => e.Kind == BudgetEventKind.Grant && e.Call == other));
        return others < Math.Max(2, Math.Floor(model.InFlight.Count * 0.2m));
    }

    /// <summary>Above half of 4 tokens, −1 a failure, +0.5 a success: few enough for a sequence to go down and up again.</summary>
    internal static bool TokenPair(RetryBudgetModel model, int call, bool afterTimeout)
    {
        var tokens = 4m;
        foreach (var e in model.Events)
        {
            tokens = e switch
            {
                { Kind: BudgetEventKind.Failure } => Math.Max(0, tokens - 1),
                { Kind: BudgetEventKind.End, Flag: true } => Math.Min(4, tokens + 0.5m),
                _ => tokens,
            };
        }

        return tokens > 2;
    }

    /// <summary>50 tokens, 5 a retry, 10 after a timeout; a success returns what the call's last retry cost, or 1.</summary>
    internal static bool Cost(RetryBudgetModel model, int call, bool afterTimeout)
    {
        var tokens = 50;
        foreach (var e in model.Events)
        {
            tokens = e switch
            {
                { Kind: BudgetEventKind.Grant } => tokens - Price(e.Flag),
                { Kind: BudgetEventKind.End, Flag: true } => Math.Min(50, tokens + Return(e.Call)),
                _ => tokens,
            };
        }

        return tokens >= Price(afterTimeout);

        static int Price(bool afterTimeout) => afterTimeout ? 10 : 5;

        int Return(int ended)
        {
            var grants = model.Events.FindAll(e => e.Kind == BudgetEventKind.Grant && e.Call == ended);
            return grants.IsEmpty ? 1 : Price(grants[^1].Flag);
        }
    }
}
