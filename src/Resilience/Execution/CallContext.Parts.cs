using Microsoft.Extensions.ObjectPool;

namespace Resilience;

/// <content>The contexts of a call's parts, and who keeps a context from its pool.</content>
public sealed partial class CallContext
{
    /// <summary>What a part of a call shares with the whole: the name, and what it says of other attempts.</summary>
    internal CallContext Root => _root ?? this;

    private CallContext Shared => _shared ?? this;

    /// <summary>A context that the pipeline makes, for a call or, with a <paramref name="whole"/>, for a part of one.</summary>
    internal static CallContext MakeForCall(CallContext? whole)
    {
        var context = RentForCall();
        if (whole is not null)
        {
            context.Follow(whole);
            context._shared = whole.Shared;
            context._shared.Hold();
        }

        return context;
    }

    /// <summary>A context for an attempt beside others: it begins with the properties of <paramref name="whole"/>, and keeps what it sets.</summary>
    internal static CallContext MakeApart(CallContext whole)
    {
        var context = RentForCall();
        context.Follow(whole);
        context._isApart = true;
        whole.CopyProperties(context);
        return context;
    }

    /// <summary>Gives the properties and the number of an attempt that won to the call's context.</summary>
    internal void MergeInto(CallContext whole)
    {
        whole.Attempt = Attempt;
        whole.Reason = Reason;
        CopyProperties(whole);
    }

    /// <summary>Keeps the context from its pool until <see cref="Drop"/>.</summary>
    internal void Hold() => Interlocked.Increment(ref _holders);

    internal void Drop()
    {
        if (Volatile.Read(ref _holders) == 1)
        {
            // The last holder needs no interlocked operation: nobody else can take hold of it any more.
            _holders = 0;
        }
        else if (Interlocked.Decrement(ref _holders) != 0)
        {
            return;
        }

        var (root, shared) = (_root, _shared);
        _root = null;
        _shared = null;
        GiveBack();
        shared?.Drop();
        root?.Drop();
    }

    // A part may outlive the call, and so must what it follows.
    private void Follow(CallContext whole)
    {
        _root = whole.Root;
        _root.Hold();
        _rootsCall = _root._calls;
    }

    private void CopyProperties(CallContext target)
    {
        var (from, to) = (Shared._properties, target.Shared._properties);
        lock (from)
        {
            if (from.Count == 0)
            {
                return;
            }

            // Nested always from the part to the whole or the whole to a part that nobody else has yet.
            lock (to)
            {
                foreach (var (name, value) in from)
                {
                    to[name] = value;
                }
            }
        }
    }

    private static CallContext Take()
    {
        if (s_idle is not { } idle)
        {
            return s_pool.Get();
        }

        s_idle = null;
        return idle;
    }

    private void GiveBack()
    {
        _operationName = null;
        _timeout = null;
        Attempt = 0;
        Reason = AttemptReason.First;
        ForgetAttempts();
        CancellationToken = default;
        _deadline = CallFrame.NoDeadline;
        _ownedByCall = false;
        _isApart = false;
        _properties.Clear();
        if (s_idle is null)
        {
            s_idle = this;
        }
        else
        {
            s_pool.Return(this);
        }
    }

    private sealed class Policy : PooledObjectPolicy<CallContext>
    {
        public override CallContext Create() => new();

        public override bool Return(CallContext obj) => true;
    }
}
