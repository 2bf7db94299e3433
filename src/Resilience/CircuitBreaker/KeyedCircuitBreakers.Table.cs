namespace Resilience;

/// <content>Who comes into the table and who leaves it.</content>
public sealed partial class KeyedCircuitBreakers<TKey>
{
    // So many buckets are looked at for one to evict: what runs under the lock is short.
    private const int MostBucketsToScan = 64;

    // Keys are compared before the lock; a bucket whose head has changed since is compared again.
    private Node? Add(TKey key, int hash)
    {
        while (true)
        {
            ref var bucket = ref Bucket(hash);
            var head = Volatile.Read(ref bucket);
            if (Find(key, hash, head) is { } found)
            {
                return found;
            }

            lock (_gate)
            {
                if (bucket != head)
                {
                    continue;
                }

                if (_count >= Capacity && !Evict())
                {
                    return null;
                }

                var node = new Node(_shared, key, hash) { Next = bucket };
                Volatile.Write(ref bucket, node);
                _count++;
                return node;
            }
        }
    }

    // The CLOCK of Corbató (1968): a key touched since the hand last passed is spared once.
    private bool Evict()
    {
        for (var i = 0; i < Math.Min(2 * _buckets.Length, MostBucketsToScan); i++)
        {
            _hand = (_hand + 1) & (_buckets.Length - 1);
            for (ref var link = ref _buckets[_hand]; link is not null; link = ref link.Next)
            {
                if (link.Touched == 0 && link.TryEvict())
                {
                    // The node keeps its own link, for those who stand on it.
                    Volatile.Write(ref link, link.Next);
                    _count--;
                    return true;
                }

                link.Touched = 0;
            }
        }

        return false;
    }
}
