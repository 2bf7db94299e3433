using System.Buffers;

namespace Resilience.Caching;

/// <summary>How one caller would write a payload.</summary>
internal readonly record struct PayloadFactory<TState>(
    TState State, Func<TState, IBufferWriter<byte>, CancellationToken, ValueTask> Write, bool Compress)
{
    internal async ValueTask<Payload> CallAsync(CancellationToken token)
    {
        using var writer = new PayloadWriter();
        await Write(State, writer, token).ConfigureAwait(false);
        return Payload.Raw(writer.ToArray(), Compress);
    }
}
