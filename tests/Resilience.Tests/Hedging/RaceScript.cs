namespace Resilience.Tests.Hedging;

/// <summary>How the attempts of one call go: how long each takes, in milliseconds, and how it ends.</summary>
internal sealed record RaceScript(int MaxAttempts, int Delay, (int Takes, AttemptEnding Ending)[] Attempts)
{
    /// <summary>
    /// The race told naively, event by event: who wins and when, and when each attempt starts. Null when two things happen at once, in which
    /// case the order decides.
    /// </summary>
    public (int Winner, int At, int[] Starts)? Run()
    {
        var starts = new List<int> { 0 };
        var running = new SortedDictionary<int, int>();
        if (!TryAdd(running, 0, 0))
        {
            return null;
        }

        var due = Delay;
        while (true)
        {
            var (end, index) = running.First();
            var isDue = starts.Count < MaxAttempts && due <= end;
            if (isDue && due == end)
            {
                return null;
            }

            var now = isDue ? due : end;
            if (!isDue)
            {
                running.Remove(end);
                if (Attempts[index].Ending == AttemptEnding.Wins)
                {
                    return (index, now, [.. starts]);
                }
            }

            if (starts.Count < MaxAttempts && (isDue || Attempts[index].Ending == AttemptEnding.AsksForAnother))
            {
                starts.Add(now);
                due = now + Delay;
                if (!TryAdd(running, now, starts.Count - 1))
                {
                    return null;
                }
            }

            // The last failure stands, unless a start by time may still come: there is no call left to wait for it.
            if (running.Count == 0)
            {
                return (index, now, [.. starts]);
            }
        }
    }

    public override string ToString() =>
        $"at most {MaxAttempts}, {Delay} ms apart: {string.Join(", ", Attempts.Select(a => $"{a.Ending} after {a.Takes}"))}";

    private bool TryAdd(SortedDictionary<int, int> running, int now, int index) => running.TryAdd(now + Attempts[index].Takes, index);
}
