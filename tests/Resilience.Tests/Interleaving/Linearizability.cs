using System.Runtime.InteropServices;

namespace Resilience.Tests.Interleaving;

/// <summary>
/// Decides whether a history could have come from a sequential object: Wing and Gong's search with Lowe's cache of (operations taken, state)
/// pairs. Sources: Wing and Gong, "Testing and verifying concurrent objects", 1993; Lowe, "Testing for linearizability", 2017.
/// </summary>
internal static class Linearizability
{
    /// <summary>Whether some order of the operations respects their real-time order and the sequential object.</summary>
    /// <param name="history">The operations, in any order.</param>
    /// <param name="initial">The object's first state; states must compare by value.</param>
    /// <param name="step">Whether the object in a state may give this answer to this input, and the state that follows.</param>
    public static bool Check<TState, TIn, TOut>(
        IReadOnlyList<Recorded<TIn, TOut>> history, TState initial, Func<TState, TIn, TOut, (bool Legal, TState Next)> step)
        where TState : notnull
    {
        var head = Link(history);
        var taken = new ulong[(history.Count + 63) / 64];
        var seen = new HashSet<(string Taken, TState State)>();
        var stack = new Stack<(Entry Call, TState Before)>();
        var state = initial;
        for (var entry = head.Next; head.Next is not null;)
        {
            if (entry!.Return is null)
            {
                // A return is in the way: whatever was taken last must come later.
                if (!stack.TryPop(out var last))
                {
                    return false;
                }

                state = last.Before;
                taken[last.Call.Id >> 6] &= ~(1UL << last.Call.Id);
                last.Call.Restore();
                entry = last.Call.Next;
                continue;
            }

            var (legal, next) = step(state, history[entry.Id].In, history[entry.Id].Out);
            taken[entry.Id >> 6] |= 1UL << entry.Id;
            if (legal && seen.Add((new string(MemoryMarshal.Cast<ulong, char>(taken)), next)))
            {
                stack.Push((entry, state));
                state = next;
                entry.Remove();
                entry = head.Next;
                continue;
            }

            taken[entry.Id >> 6] &= ~(1UL << entry.Id);
            entry = entry.Next;
        }

        return true;
    }

    /// <summary>The same for an object that is a set of independent ones: each key's part is checked by itself.</summary>
    public static bool CheckByKey<TKey, TState, TIn, TOut>(
        IEnumerable<Recorded<TIn, TOut>> history, Func<TIn, TKey> key, TState initial, Func<TState, TIn, TOut, (bool Legal, TState Next)> step)
        where TState : notnull =>
        history.GroupBy(operation => key(operation.In)).All(part => Check(part.ToList(), initial, step));

    private static Entry Link<TIn, TOut>(IReadOnlyList<Recorded<TIn, TOut>> history)
    {
        var head = new Entry(-1);
        var calls = new Entry[history.Count];
        var tail = head;
        var events = history.Select((operation, id) => (operation.Called, IsCall: true, id))
            .Concat(history.Select((operation, id) => (operation.Returned, IsCall: false, id)))
            .OrderBy(e => e.Item1).ThenByDescending(e => e.IsCall);
        foreach (var (_, isCall, id) in events)
        {
            var entry = new Entry(id) { Previous = tail };
            tail.Next = entry;
            tail = entry;
            if (isCall)
            {
                calls[id] = entry;
            }
            else
            {
                calls[id].Return = entry;
            }
        }

        return head;
    }

    private sealed class Entry(int id)
    {
        public int Id => id;

        /// <summary>The return of this call; null on a return.</summary>
        public Entry? Return { get; set; }

        public Entry? Previous { get; set; }

        public Entry? Next { get; set; }

        public void Remove()
        {
            Unlink(this);
            Unlink(Return!);
        }

        public void Restore()
        {
            Relink(Return!);
            Relink(this);
        }

        private static void Unlink(Entry entry)
        {
            entry.Previous!.Next = entry.Next;
            if (entry.Next is { } next)
            {
                next.Previous = entry.Previous;
            }
        }

        private static void Relink(Entry entry)
        {
            entry.Previous!.Next = entry;
            if (entry.Next is { } next)
            {
                next.Previous = entry;
            }
        }
    }
}
