using System.Numerics;

namespace Resilience.Caching;

/// <summary>
/// The heat of keys that have left, by hash, in a fixed table: what comes back need not prove itself again. Keys that meet in a cell overwrite each
/// other, which misleads the ranking and nothing else. Safe for concurrent use.
/// </summary>
internal sealed class HeatMemory
{
    // Two bytes a cell: 8 KiB to 2 MiB.
    private const int Least = 1 << 12;
    private const int Most = 1 << 20;
    private const int BytesPerCell = 512;
    private readonly ushort[] _cells;

    internal HeatMemory(long maxBytes) => _cells = new ushort[CellsFor(maxBytes)];

    internal int Cells => _cells.Length;

    internal static int CellsFor(long maxBytes) => (int)BitOperations.RoundUpToPowerOf2((ulong)Math.Clamp(maxBytes / BytesPerCell, Least, Most));

    internal ushort Recall(uint hash) => Volatile.Read(ref Cell(hash));

    internal void Keep(uint hash, ushort heat) => Volatile.Write(ref Cell(hash), heat);

    private ref ushort Cell(uint hash) => ref _cells[(int)(hash & (uint)(_cells.Length - 1))];
}
