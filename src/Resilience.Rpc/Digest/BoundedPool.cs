namespace Resilience.Rpc;

/// <summary>
/// Idle objects, at most so many: a slot each, taken and filled by exchange. Safe for concurrent use; allocates nothing. An object whose
/// place is contended is dropped, which costs an allocation later and nothing else.
/// </summary>
/// <typeparam name="T">What is pooled.</typeparam>
internal sealed class BoundedPool<T>(int places)
    where T : class
{
    private readonly T?[] _places = new T?[places];
    private T? _first;

    internal T? TryTake()
    {
        if (_first is { } first && Interlocked.CompareExchange(ref _first, null, first) == first)
        {
            return first;
        }

        for (var i = 0; i < _places.Length; i++)
        {
            if (_places[i] is { } item && Interlocked.CompareExchange(ref _places[i], null, item) == item)
            {
                return item;
            }
        }

        return null;
    }

    internal bool TryPut(T item)
    {
        if (_first is null && Interlocked.CompareExchange(ref _first, item, null) is null)
        {
            return true;
        }

        for (var i = 0; i < _places.Length; i++)
        {
            if (_places[i] is null && Interlocked.CompareExchange(ref _places[i], item, null) is null)
            {
                return true;
            }
        }

        return false;
    }
}
