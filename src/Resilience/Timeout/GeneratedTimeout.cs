using System.Diagnostics.CodeAnalysis;

namespace Resilience;

/// <summary>A time that the user's generator gives for each call. What is no timeout fails the call: it must not pass for none.</summary>
internal sealed class GeneratedTimeout(TimeoutOptions options, Func<TimeoutRequest, TimeSpan> generator) : TimeoutSource
{
    /// <inheritdoc/>
    internal override bool RunsForeignCode => true;

    /// <inheritdoc/>
    internal override bool NeedsFineClock => true;

    /// <inheritdoc/>
    internal override TimeSpan Next(TimeoutRequest request)
    {
        var timeout = generator(request);
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            return None;
        }

        if (!TimeoutOptions.IsInRange(timeout))
        {
            Throw(timeout);
        }

        return timeout;
    }

    [DoesNotReturn]
    private void Throw(TimeSpan timeout) => throw new InvalidOperationException(
        $"The Generator of '{options.Name}' gave {timeout}: it must be {TimeoutOptions.Range}, or Timeout.InfiniteTimeSpan for none.");
}
