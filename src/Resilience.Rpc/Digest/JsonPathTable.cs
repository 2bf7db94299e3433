using System.Numerics;

namespace Resilience.Rpc;

/// <summary>
/// All paths of one set of options. A place in a document is the set of paths that lead to it or on from it, a bit each, so that a step
/// costs nothing where no path leads. Immutable; allocates nothing once built.
/// </summary>
internal sealed class JsonPathTable
{
    private const int MaxPaths = 64;
    private readonly JsonPath[] _paths;
    private readonly ulong _atAnyDepth;
    private readonly ulong _projected;

    /// <exception cref="ArgumentException">A path cannot be read, or there are too many.</exception>
    internal JsonPathTable(JsonDigestOptions options)
    {
        _paths =
        [
            .. Parsed(nameof(options.IgnoredPaths), options.IgnoredPaths, PathRoles.Ignored),
            .. Parsed(nameof(options.ProjectedPaths), options.ProjectedPaths, PathRoles.Projected),
            .. Parsed(nameof(options.HexDataPaths), options.HexDataPaths, PathRoles.HexData),
            .. Parsed(nameof(options.HexQuantityPaths), options.HexQuantityPaths, PathRoles.HexQuantity),
        ];
        if (_paths.Length > MaxPaths)
        {
            throw new ArgumentException($"The paths are {_paths.Length}; all together must be at most {MaxPaths}.", nameof(options));
        }

        for (var i = 0; i < _paths.Length; i++)
        {
            _atAnyDepth |= _paths[i].IsAtAnyDepth ? 1UL << i : 0;
            _projected |= _paths[i].Role == PathRoles.Projected ? 1UL << i : 0;
            All |= 1UL << i;
        }
    }

    /// <summary>The paths at the root.</summary>
    internal ulong All { get; }

    /// <summary>Whether everything counts that is not ignored.</summary>
    internal bool HasNoProjection => _projected == 0;

    /// <summary>Whether a projected path leads on from a place.</summary>
    internal bool LeadsToProjected(ulong place) => (place & _projected) != 0;

    /// <summary>The paths that remain after one more step.</summary>
    /// <param name="place">The paths before it.</param>
    /// <param name="depth">How many steps were made before.</param>
    /// <param name="name">The member's name, unescaped; empty with <paramref name="isElement"/>.</param>
    /// <param name="isElement">Whether the step goes to an element of an array.</param>
    /// <param name="roles">What the paths that end here say.</param>
    internal ulong Step(ulong place, int depth, ReadOnlySpan<byte> name, bool isElement, out PathRoles roles)
    {
        var next = place & _atAnyDepth;
        roles = PathRoles.None;
        for (var rest = place; rest != 0; rest &= rest - 1)
        {
            var i = BitOperations.TrailingZeroCount(rest);
            var path = _paths[i];
            var step = path.Steps[path.IsAtAnyDepth ? 0 : depth];
            if (isElement ? step is not { Length: 0 } : step is not null && (step.Length == 0 || !name.SequenceEqual(step)))
            {
                continue;
            }

            if (path.IsAtAnyDepth || path.Steps.Length == depth + 1)
            {
                roles |= path.Role;
            }
            else
            {
                next |= 1UL << i;
            }
        }

        return next;
    }

    private static IEnumerable<JsonPath> Parsed(string property, IReadOnlyList<string> paths, PathRoles role)
    {
        ArgumentNullException.ThrowIfNull(paths, property);
        return paths.Select(path => JsonPath.Parse(property, path, role));
    }
}
