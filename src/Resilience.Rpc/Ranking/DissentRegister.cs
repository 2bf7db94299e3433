using System.Numerics;

namespace Resilience.Rpc;

/// <summary>
/// Who differed from a strict majority, and who sits out for it. Whoever asks while nobody sits out reads one word. Marks are made under a
/// lock, which guards a few instructions and no foreign code; they are rare.
/// </summary>
internal sealed class DissentRegister
{
    internal const int MostDissents = 16;
    private readonly Lock _gate = new();
    private readonly int _count;
    private readonly int _dissents;
    private readonly int _minimum;
    private readonly long _window;
    private readonly long _sitOut;

    // The last moments at which an endpoint differed, a ring for each, zero where there was none.
    private readonly long[] _moments;
    private readonly int[] _next;
    private readonly long[] _until;
    private uint _sitting;

    internal DissentRegister(int count, EndpointSetOptions options)
    {
        (_count, _dissents) = (count, options.Dissents);
        (_window, _sitOut) = (options.DissentWindow.Ticks, options.SitOut.Ticks);
        _minimum = options.MinimumHealthy ?? ((count / 2) + 1);
        _moments = new long[count * _dissents];
        _next = new int[count];
        _until = new long[count];
    }

    /// <summary>The endpoints that sit out.</summary>
    /// <param name="now">A reading of <see cref="Clock.Fine"/>.</param>
    internal uint SittingOut(long now)
    {
        if (Volatile.Read(ref _sitting) == 0)
        {
            return 0;
        }

        lock (_gate)
        {
            Release(now);
            return _sitting;
        }
    }

    /// <summary>An endpoint differed from a strict majority.</summary>
    internal void Mark(int endpoint, long now)
    {
        lock (_gate)
        {
            Release(now);
            var ring = _moments.AsSpan(endpoint * _dissents, _dissents);
            ring[_next[endpoint]] = now;
            _next[endpoint] = (_next[endpoint] + 1) % _dissents;

            // The slot to be written next holds the oldest.
            var oldest = ring[_next[endpoint]];
            var healthy = _count - BitOperations.PopCount(_sitting);
            if (oldest == 0 || now - oldest > _window || _sitOut == 0 || healthy <= _minimum || (_sitting & (1u << endpoint)) != 0)
            {
                return;
            }

            ring.Clear();
            _until[endpoint] = now + _sitOut;
            Volatile.Write(ref _sitting, _sitting | (1u << endpoint));
        }
    }

    private void Release(long now)
    {
        for (var left = _sitting; left != 0; left &= left - 1)
        {
            var endpoint = BitOperations.TrailingZeroCount(left);
            if (now >= _until[endpoint])
            {
                Volatile.Write(ref _sitting, _sitting & ~(1u << endpoint));
            }
        }
    }
}
