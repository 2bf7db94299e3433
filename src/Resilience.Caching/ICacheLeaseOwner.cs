namespace Resilience.Caching;

/// <summary>Takes leases back.</summary>
internal interface ICacheLeaseOwner
{
    void Return(CacheHold hold, CacheNode node);
}
