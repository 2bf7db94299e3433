using Resilience.Tests.Interleaving;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>Small concurrent programs over the log of transitions.</summary>
internal static class EventLogInterleavings
{
    /// <summary>Threads that publish transitions in any order: a reader hears each once, in order, one at a time.</summary>
    /// <param name="threads">The generations that each thread publishes.</param>
    /// <param name="inline">Whether the reader runs where it was woken, or when all threads have ended.</param>
    /// <param name="late">Whether the reader is added by a thread of its own, after the first generation.</param>
    /// <param name="bug">A fault to seed.</param>
    public static (Action[] Bodies, Func<bool> Check) Publish(long[][] threads, bool inline, bool late = false, Reader.Bug bug = Reader.Bug.None)
    {
        var log = new TransitionLog<Explored>();
        var reader = new Reader(log, inline, bug);
        var bodies = threads.Select(generations => (Action)(() => Array.ForEach(generations, generation => log.Publish(Transition(generation)))));
        if (late)
        {
            bodies = bodies.Append(() =>
            {
                log.Add(reader);
                reader.Wake();
            });
        }
        else
        {
            log.Add(reader);
        }

        var count = threads.Sum(generations => generations.Length);
        return ([.. bodies], () =>
        {
            reader.RunWhatIsLeft();
            return !reader.Overlapped && reader.Heard.SequenceEqual(Enumerable.Range(1, count).Select(generation => (long)generation));
        }
        );
    }

    /// <summary>Readers that come and go at once: who is in the log at the end is woken, and nobody else.</summary>
    public static (Action[] Bodies, Func<bool> Check) ComeAndGo()
    {
        var log = new TransitionLog<Explored>();
        Counting first = new(), second = new(), leaving = new();
        log.Add(leaving);
        return ([() => log.Add(first), () => log.Add(second), () => log.Remove(leaving)], () =>
        {
            log.Publish(Transition(1));
            return (first.Woken, second.Woken, leaving.Woken) == (1, 1, 0);
        }
        );
    }

    /// <summary>Transitions a whole log apart, published at once: the later one is kept.</summary>
    public static (Action[] Bodies, Func<bool> Check) Overtaken()
    {
        var log = new TransitionLog<Explored>();
        return (
            [() => log.Publish(Transition(1)), () => log.Publish(Transition(65)), () => log.Publish(Transition(129))],
            () => 129L is var wanted && log.Find(ref wanted)?.Generation == 129);
    }

    private static CircuitTransition Transition(long generation) =>
        new(null, CircuitState.Closed, CircuitState.Open, CircuitReason.FailureRatio, generation, TimeSpan.Zero, 0, 0, 0);

    private sealed class Counting : ITransitionReader
    {
        public int Woken { get; private set; }

        public void Wake() => Woken++;
    }

    /// <summary>Reads as a subscription does, with the pool played by the schedule.</summary>
    internal sealed class Reader(TransitionLog<Explored> log, bool inline, Reader.Bug bug) : ITransitionReader
    {
        private ReaderTurn<Explored> _turn;
        private long _next = 1;
        private int _running;
        private int _due;

        internal enum Bug
        {
            None,
            EndsWithoutLookingAgain,
            RunsOnEveryWake,
        }

        public List<long> Heard { get; } = [];

        public bool Overlapped { get; private set; }

        public void Wake()
        {
            if (!_turn.Wake() && bug != Bug.RunsOnEveryWake)
            {
                return;
            }

            if (inline)
            {
                Run();
            }
            else
            {
                _due++;
            }
        }

        public void RunWhatIsLeft()
        {
            for (; _due > 0; _due--)
            {
                Run();
            }
        }

        private void Run()
        {
            Overlapped |= _running++ > 0;
            do
            {
                _turn.Begin();
                for (var wanted = _next; log.Find(ref wanted) is { } transition; wanted = _next)
                {
                    Heard.Add(transition.Generation);
                    _next = wanted + 1;
                }
            }
            while (!_turn.TryEnd() && bug != Bug.EndsWithoutLookingAgain);
            _running--;
        }
    }
}
