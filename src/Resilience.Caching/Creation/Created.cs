using System.Runtime.ExceptionServices;

namespace Resilience.Caching;

/// <summary>How the creation of a value ended.</summary>
/// <param name="Value">The value, if there is one.</param>
/// <param name="Failure">What the factory threw; null if it did not.</param>
/// <param name="IsAbsent">Whether a factory for many keys had no value for this one.</param>
internal readonly record struct Created<TValue>(TValue? Value, ExceptionDispatchInfo? Failure, bool IsAbsent)
{
    internal static Created<TValue> Absent => new(default, null, IsAbsent: true);

    internal static Created<TValue> Of(TValue value) => new(value, null, IsAbsent: false);

    internal static Created<TValue> Failed(Exception exception) => new(default, ExceptionDispatchInfo.Capture(exception), IsAbsent: false);
}
