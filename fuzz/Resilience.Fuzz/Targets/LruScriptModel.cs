namespace Resilience.Fuzz.Targets;

/// <summary>A least-recently-used cache as its documentation says it, in a list: the most recent first.</summary>
internal sealed class LruScriptModel(int maxEntries, long maxBytes)
{
    private readonly List<(int Key, int Size)> _order = [];

    /// <summary>How many entries had to go.</summary>
    internal int Trimmed { get; private set; }

    internal int Count => _order.Count;

    internal long Bytes => _order.Sum(entry => (long)entry.Size);

    internal string Content => string.Join(' ', _order.OrderBy(entry => entry.Key).Select(entry => $"{entry.Key}={entry.Size}"));

    internal bool Set(int key, int size)
    {
        // The older value has been superseded, whether or not there is room for the new one.
        Remove(key);
        if (size > maxBytes)
        {
            return false;
        }

        _order.Insert(0, (key, size));
        Trim();
        return true;
    }

    internal int Get(int key)
    {
        var at = _order.FindIndex(entry => entry.Key == key);
        if (at < 0)
        {
            return -1;
        }

        var found = _order[at];
        _order.RemoveAt(at);
        _order.Insert(0, found);
        return found.Size;
    }

    internal bool Contains(int key) => _order.Exists(entry => entry.Key == key);

    internal bool Remove(int key) => _order.RemoveAll(entry => entry.Key == key) > 0;

    internal void Resize(int entries, long bytes)
    {
        (maxEntries, maxBytes) = (entries, bytes);
        Trim();
    }

    internal void Clear() => _order.Clear();

    private void Trim()
    {
        while (Count > maxEntries || Bytes > maxBytes)
        {
            Trimmed++;
            _order.RemoveAt(_order.Count - 1);
        }
    }
}
