namespace Resilience.Caching;

/// <summary>
/// Chooses the setting of the adaptive policy by what small simulations of each show on a sample of the keys. Recency has a bonus, and a change needs a
/// lead, so that noise does not move it. Guarded by its owner.
/// </summary>
internal sealed class Steering
{
    internal const int MostSize = 128;
    private const double Decay = 0.8;
    private const double RecencyBonus = 0.005;
    private const double LeadToChange = 0.01;
    private readonly Shadow[] _shadows;
    private readonly double[] _hits;
    private readonly int[] _hitsOfEpoch;
    private readonly int _epoch;
    private double _asked;
    private int _askedOfEpoch;

    internal Steering(int capacity)
    {
        Size = SizeFor(capacity);
        SampleBelow = Below(capacity);
        _shadows = Array.ConvertAll(AdaptiveSetting.All, setting => new Shadow(setting, Size));
        _hits = new double[_shadows.Length];
        _hitsOfEpoch = new int[_shadows.Length];
        _epoch = Size;
    }

    /// <summary>How many entries each simulation has.</summary>
    internal int Size { get; }

    /// <summary>A key is in the sample if its mixed hash is below this.</summary>
    internal uint SampleBelow { get; private set; }

    /// <summary>The setting chosen, by its number.</summary>
    internal int Chosen { get; private set; }

    /// <summary>The share of hits of each setting, of late.</summary>
    internal double[] Scores => Array.ConvertAll(_hits, hits => _asked == 0 ? 0 : hits / _asked);

    /// <summary>Takes a sample of so many keys as suits another capacity; false if the simulations should have another size for it.</summary>
    internal bool TryRescale(int capacity)
    {
        SampleBelow = Below(capacity);
        return SizeFor(capacity) is var size && size <= 2 * Size && Size <= 2 * size && Size <= capacity;
    }

    /// <summary>A key of the sample was asked for.</summary>
    internal void Ask(uint hash)
    {
        for (var i = 0; i < _shadows.Length; i++)
        {
            if (_shadows[i].Ask(hash))
            {
                _hitsOfEpoch[i]++;
            }
        }

        if (++_askedOfEpoch == _epoch)
        {
            EndEpoch();
        }
    }

    private static int SizeFor(int capacity) => Math.Min(capacity, MostSize);

    private uint Below(int capacity) => (uint)Math.Min(uint.MaxValue, (double)Size / capacity * uint.MaxValue);

    private void EndEpoch()
    {
        _asked = (_asked * Decay) + _askedOfEpoch;
        _askedOfEpoch = 0;
        for (var i = 0; i < _hits.Length; i++)
        {
            _hits[i] = (_hits[i] * Decay) + _hitsOfEpoch[i];
            _hitsOfEpoch[i] = 0;
        }

        var best = Chosen;
        var lead = LeadToChange;
        for (var i = 0; i < _hits.Length; i++)
        {
            if (Score(i) - Score(Chosen) > lead)
            {
                best = i;
                lead = Score(i) - Score(Chosen);
            }
        }

        Chosen = best;
    }

    private double Score(int setting) => (_hits[setting] / _asked) + (AdaptiveSetting.All[setting].IsRecency ? RecencyBonus : 0);
}
