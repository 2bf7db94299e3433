using System.Runtime.InteropServices;

namespace Resilience.Benchmarks;

/// <summary>
/// The best that any policy could reach that must take in what was asked for: it gives up what is asked for again last.
/// </summary>
/// <remarks>Source: Belady, "A study of replacement algorithms for virtual-storage computer", 1966.</remarks>
internal static class Optimum
{
    /// <summary>The share of hits, in per cent; null for objects of different sizes, where no fast algorithm finds it.</summary>
    public static double? Of(Trace trace, long capacity)
    {
        if (trace.HasSizes)
        {
            return null;
        }

        var next = NextUses(trace.Requests);
        var held = new Dictionary<long, int>();
        var byNextUse = new PriorityQueue<long, int>();
        var hits = 0L;
        for (var i = 0; i < next.Length; i++)
        {
            var key = trace.Requests[i].Key;
            hits += held.ContainsKey(key) ? 1 : 0;
            held[key] = next[i];
            byNextUse.Enqueue(key, -next[i]);
            while (held.Count > capacity)
            {
                // What was asked for since has a later entry in the queue.
                if (byNextUse.TryDequeue(out var last, out var use) && held.TryGetValue(last, out var known) && known == -use)
                {
                    held.Remove(last);
                }
            }
        }

        return 100.0 * hits / next.Length;
    }

    private static int[] NextUses(Request[] requests)
    {
        var next = new int[requests.Length];
        var seen = new Dictionary<long, int>();
        for (var i = requests.Length - 1; i >= 0; i--)
        {
            ref var at = ref CollectionsMarshal.GetValueRefOrAddDefault(seen, requests[i].Key, out var known);

            // What never comes again keeps a number of its own, so that it is known whether a queued use is the last one.
            next[i] = known ? at : int.MaxValue - i;
            at = i;
        }

        return next;
    }
}
