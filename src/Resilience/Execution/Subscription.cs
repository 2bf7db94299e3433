namespace Resilience;

/// <summary>
/// Tells an end inside a subscription from one outside it: the subscription that a thread is in, if any. Kept by the thread and not by
/// the call, which may have ended and begun anew on another thread before its subscriber looks.
/// </summary>
internal readonly struct Subscription
{
    private readonly object? _call;
    private readonly long _number;
    private readonly bool _isAnswered;

    private Subscription(object call, long number, bool isAnswered)
    {
        _call = call;
        _number = number;
        _isAnswered = isAnswered;
    }

    /// <summary>Enters a call's subscription; returns the one around it, for <see cref="End"/>.</summary>
    internal static Subscription Begin(CallThread thread, object call, long number)
    {
        var outer = thread.Subscription;
        thread.Subscription = new Subscription(call, number, isAnswered: false);
        return outer;
    }

    /// <summary>Whether the end comes inside the call's subscription on this thread; then the subscriber goes on.</summary>
    internal static bool TryAnswer(CallThread thread, object call, long number)
    {
        var current = thread.Subscription;
        if (current._call != call || current._number != number)
        {
            return false;
        }

        thread.Subscription = new Subscription(call, number, isAnswered: true);
        return true;
    }

    /// <summary>Leaves the subscription; true if it was answered inside.</summary>
    internal static bool End(CallThread thread, in Subscription outer)
    {
        var isAnswered = thread.Subscription._isAnswered;
        thread.Subscription = outer;
        return isAnswered;
    }
}
