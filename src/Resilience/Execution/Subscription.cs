namespace Resilience;

/// <summary>
/// Tells an end inside a subscription from one outside it: the subscription that this thread is in, if any. Kept by the thread and not by
/// the call, which may have ended and begun anew on another thread before its subscriber looks.
/// </summary>
internal readonly struct Subscription
{
    [ThreadStatic]
    private static Subscription s_current;

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
    internal static Subscription Begin(object call, long number)
    {
        var outer = s_current;
        s_current = new Subscription(call, number, isAnswered: false);
        return outer;
    }

    /// <summary>Whether the end comes inside the call's subscription on this thread; then the subscriber goes on.</summary>
    internal static bool TryAnswer(object call, long number)
    {
        if (s_current._call != call || s_current._number != number)
        {
            return false;
        }

        s_current = new Subscription(call, number, isAnswered: true);
        return true;
    }

    /// <summary>Leaves the subscription; true if it was answered inside.</summary>
    internal static bool End(in Subscription outer)
    {
        var isAnswered = s_current._isAnswered;
        s_current = outer;
        return isAnswered;
    }
}
