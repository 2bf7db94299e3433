using Resilience.Tests.Interleaving;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>Small concurrent programs over a window, for the product's windows and for the seeded bugs alike.</summary>
internal static class WindowInterleavings
{
    /// <summary>Threads that each record a few outcomes in a word: every history must be that of a list of the last outcomes.</summary>
    public static (Action[] Bodies, Func<bool> Check) Word<TWindow>(Explorer explorer, TWindow window, int size, string[] threads)
        where TWindow : struct, IWindow
    {
        var harness = new WindowHarness<TWindow>(window);
        var history = new History<char, string>(explorer);
        var bodies = threads.Select((outcomes, client) => (Action)(() =>
        {
            foreach (var outcome in outcomes)
            {
                history.Run(client, outcome, () => outcome == '?' ? Shown(harness.Read()) : Shown(harness.Record(outcome == 'x')));
            }
        })).ToArray();
        return (bodies, () => Linearizability.Check(history.Operations, string.Empty, (held, outcome, answer) =>
        {
            if (outcome == '?')
            {
                return (answer == Expected(held), held);
            }

            // No answer: the outcome changed nothing, as a success on a full clean window does.
            var next = (held + outcome)[Math.Max(0, held.Length + 1 - size)..];
            return (answer.Length == 0 ? next == held : answer == Expected(next), next);
        }));

        static string Shown(Tally? tally) => tally is { } t ? $"{t.Calls}/{t.Failures}" : string.Empty;
        static string Expected(string held) => $"{held.Length}/{held.Count(c => c == 'x')}";
    }

    /// <summary>
    /// Threads that record in a ring: at each answer the failures differ from those recorded by at most the other threads' reports under
    /// way; when all have ended, the counts are those of the cells.
    /// </summary>
    public static (Action[] Bodies, Func<bool> Check) Ring<TWindow>(TWindow window, int size, string[] threads, Func<TWindow, Tally> cells)
        where TWindow : struct, IWindow
    {
        var harness = new WindowHarness<TWindow>(window);
        var within = true;
        var bodies = threads.Select(outcomes => (Action)(() =>
        {
            foreach (var outcome in outcomes)
            {
                if (harness.Record(outcome == 'x') is { } tally)
                {
                    // The cells are read in one step of the schedule: no point is passed.
                    var off = Math.Abs(tally.Failures - cells(harness.Window).Failures);
                    within &= off <= threads.Length - 1;
                }
            }
        })).ToArray();
        return (bodies, () =>
        {
            var total = threads.Sum(outcomes => outcomes.Length);
            var read = harness.Read();
            return within && read.Failures == cells(harness.Window).Failures && (read.Calls == Math.Min(total, size) || harness.Word == 0);
        }
        );
    }

    /// <summary>Threads that record in a time window across the end of a slice: once all have ended, nothing is lost and nothing counts twice.</summary>
    public static (Action[] Bodies, Func<bool> Check) Time<TWindow>(TWindow window, (string Outcomes, long Now)[] threads, long now, Tally expected, int lag = 0)
        where TWindow : struct, IWindow
    {
        var harness = new WindowHarness<TWindow>(window);
        var bodies = threads.Select((thread, client) => (Action)(() =>
        {
            ThreadSlot.Assume(client + 1);
            foreach (var outcome in thread.Outcomes)
            {
                harness.Record(outcome == 'x', slow: false, thread.Now);
            }
        })).ToArray();
        return (bodies, () =>
        {
            var read = harness.Read(now);
            return Math.Abs(read.Calls - expected.Calls) <= lag && Math.Abs(read.Failures - expected.Failures) <= lag;
        }
        );
    }

    /// <summary>
    /// Threads that record in one slice of a time window which credits good calls: once all have ended, every failure is counted, and a window
    /// that holds one gives no credit.
    /// </summary>
    public static (Action[] Bodies, Func<bool> Check) Credit<TWindow>(TWindow window, string[] threads)
        where TWindow : struct, IWindow
    {
        const long Now = 1_500;
        var harness = new WindowHarness<TWindow>(window);
        var bodies = threads.Select((outcomes, client) => (Action)(() =>
        {
            ThreadSlot.Assume(client + 1);
            foreach (var outcome in outcomes)
            {
                harness.Record(outcome == 'x', slow: false, Now);
            }
        })).ToArray();
        var failures = threads.Sum(outcomes => outcomes.Count(outcome => outcome == 'x'));
        var calls = threads.Sum(outcomes => outcomes.Length);
        return (bodies, () => harness.Read(Now) is var read && read.Failures == failures && read.Calls <= calls && harness.Word == 0);
    }
}
