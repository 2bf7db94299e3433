namespace Resilience.Tests.Execution;

/// <summary>An exception that a script asked for, named by who threw it.</summary>
internal sealed class ScriptedException(string name) : Exception(name);
