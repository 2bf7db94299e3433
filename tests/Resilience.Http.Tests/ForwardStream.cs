namespace Resilience.Http.Tests;

/// <summary>A stream that can be read once and not rewound.</summary>
internal sealed class ForwardStream(byte[] bytes) : MemoryStream(bytes)
{
    public override bool CanSeek => false;
}
