namespace Resilience.Caching.Tests;

/// <summary>
/// The strict order of use in a list, most recent first, with expiry and both bounds. So small a cache is swept whole by every write, so that
/// the model may drop all that is dead at once.
/// </summary>
internal sealed class LruModel
{
    private readonly List<Item> _items = [];

    public int MaxEntries { get; set; } = 7;

    public int MaxBytes { get; set; } = 24;

    public int Now { get; set; }

    public int Count => _items.Count;

    public int Bytes => _items.Sum(item => item.Size);

    public string Fresh => string.Join(',', _items.Where(IsFresh).Select(item => (item.Key, item.Value)).Order());

    public int? Get(int key)
    {
        var item = _items.Find(i => i.Key == key);
        if (item is null)
        {
            return null;
        }

        if (!IsFresh(item))
        {
            _items.Remove(item);
            return null;
        }

        item.Until = item.Sliding == 0 ? item.Until : Now + item.Sliding;
        _items.Remove(item);
        _items.Insert(0, item);
        return item.Value;
    }

    public bool Set(int key, int value, int size, int? until, int sliding)
    {
        _items.RemoveAll(item => !IsFresh(item));
        _items.RemoveAll(item => item.Key == key);
        if (size > MaxBytes)
        {
            return false;
        }

        _items.Insert(0, new Item(key, value, size, sliding) { Until = until });
        Trim();
        return true;
    }

    public bool Remove(int key) => _items.RemoveAll(item => item.Key == key) > 0;

    public void Resize(int entries, int bytes)
    {
        (MaxEntries, MaxBytes) = (entries, bytes);
        Trim();
    }

    private void Trim()
    {
        while (Count > MaxEntries || Bytes > MaxBytes)
        {
            _items.RemoveAt(Count - 1);
        }
    }

    private bool IsFresh(Item item) => item.Until is null || Now < item.Until;

    private sealed record Item(int Key, int Value, int Size, int Sliding)
    {
        public int? Until { get; set; }
    }
}
