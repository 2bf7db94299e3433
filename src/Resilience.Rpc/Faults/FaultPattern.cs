namespace Resilience.Rpc;

/// <summary>
/// A pattern without regard to case: the parts between stars must occur in this order. Without a star at its beginning or end it must not
/// begin or end there either: <c>nonce too low*</c> begins the text, <c>*pruned*</c> is somewhere in it. Empty fits everything.
/// </summary>
internal readonly struct FaultPattern(string pattern)
{
    private readonly string[] _parts = pattern.Split('*');

    internal bool Fits(string? text)
    {
        if (_parts is [""])
        {
            return true;
        }

        var rest = text.AsSpan();
        if (!rest.StartsWith(_parts[0], StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        rest = rest[_parts[0].Length..];
        for (var i = 1; i < _parts.Length - 1; i++)
        {
            var at = rest.IndexOf(_parts[i], StringComparison.OrdinalIgnoreCase);
            if (at < 0)
            {
                return false;
            }

            rest = rest[(at + _parts[i].Length)..];
        }

        return _parts.Length == 1 ? rest.IsEmpty : rest.EndsWith(_parts[^1], StringComparison.OrdinalIgnoreCase);
    }

    public override string ToString() => string.Join('*', _parts ?? []);
}
