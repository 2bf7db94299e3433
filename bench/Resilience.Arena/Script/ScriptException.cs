namespace Resilience.Arena;

/// <summary>Something that the person who runs the arena can put right: the message names the field, its value and the range.</summary>
internal sealed class ScriptException(string message) : Exception(message);
