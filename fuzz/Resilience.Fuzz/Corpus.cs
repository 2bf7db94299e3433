using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Resilience.Fuzz;

/// <summary>One input for each behaviour seen: the shortest that showed it, the first among equals. Not safe for concurrent use.</summary>
public sealed class Corpus
{
    private readonly List<byte[]> _inputs = [];
    private readonly Dictionary<ulong, int> _behaviours = [];

    /// <summary>How many behaviours were seen, and so how many inputs it holds.</summary>
    public int Count => _inputs.Count;

    /// <summary>A stable name for an input.</summary>
    /// <param name="input">The input.</param>
    public static string NameOf(ReadOnlySpan<byte> input) => Convert.ToHexStringLower(SHA256.HashData(input).AsSpan(0, 8));

    /// <summary>Keeps the input if its behaviour is new, or if it shows a known one with fewer bytes.</summary>
    /// <param name="input">The input; must not change afterwards.</param>
    /// <param name="behaviour">What it did.</param>
    public void Offer(byte[] input, ulong behaviour)
    {
        ref var at = ref CollectionsMarshal.GetValueRefOrAddDefault(_behaviours, behaviour, out var isKnown);
        if (!isKnown)
        {
            at = _inputs.Count;
            _inputs.Add(input);
        }
        else if (input.Length < _inputs[at].Length)
        {
            _inputs[at] = input;
        }
    }

    /// <summary>An input, any with the same probability; the empty one if there is none.</summary>
    /// <param name="random">Who chooses.</param>
    public ReadOnlySpan<byte> Pick(Random random) => _inputs.Count == 0 ? default : _inputs[random.Next(_inputs.Count)];

    /// <summary>Writes the inputs, each in a file named by its content.</summary>
    /// <param name="folder">Where to; created if missing.</param>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var input in _inputs)
        {
            File.WriteAllBytes(Path.Combine(folder, NameOf(input)), input);
        }
    }
}
