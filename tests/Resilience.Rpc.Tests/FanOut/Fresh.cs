using System.Runtime.CompilerServices;

namespace Resilience.Rpc.Tests.FanOut;

/// <summary>Moves a test to a stack of its own, without a synchronization context: completions then run inline, as the tests expect.</summary>
internal static class Fresh
{
    public static ConfiguredTaskAwaitable Stack() => Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
}
