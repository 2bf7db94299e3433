namespace Resilience.Testing;

/// <summary>One step of an answer.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Bytes">What to send, if it sends.</param>
internal readonly record struct AnswerStep(AnswerStepKind Kind, ReadOnlyMemory<byte> Bytes = default);
