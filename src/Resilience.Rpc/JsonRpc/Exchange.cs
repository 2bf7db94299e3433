using System.Net;

namespace Resilience.Rpc;

/// <summary>How one HTTP exchange ended.</summary>
/// <param name="Fault">Why there is no document to judge; None if there is one.</param>
/// <param name="Reason">The same in words.</param>
/// <param name="Status">The status; null if no answer began.</param>
/// <param name="RetryAfter">How long the endpoint asks to wait.</param>
/// <param name="Exception">What was thrown.</param>
internal readonly record struct Exchange(
    FaultClass Fault, string Reason, HttpStatusCode? Status = null, TimeSpan RetryAfter = default, Exception? Exception = null);
