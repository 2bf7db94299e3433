namespace Resilience.Tests.Execution;

/// <summary>The kinds of layer in a random pipeline.</summary>
internal enum LayerKind
{
    Plain,
    Typed,
    Wrapping,
}
