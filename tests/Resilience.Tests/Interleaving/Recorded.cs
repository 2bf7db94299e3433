namespace Resilience.Tests.Interleaving;

/// <summary>One operation of a history: what was asked, what was answered, and the logical times of call and return.</summary>
internal readonly record struct Recorded<TIn, TOut>(int Client, TIn In, TOut Out, long Called, long Returned);
