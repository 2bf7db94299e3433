namespace Resilience.Arena;

/// <summary>One call through a contestant, from the thread pool: the generator's thread never runs any of it.</summary>
internal sealed class Call(Contestant contestant, Uri address, CallLog log, int number, CancellationToken end) : IThreadPoolWorkItem
{
    public void Execute() => _ = RunAsync();

    /// <summary>Sends a request, reads the whole answer, and says how it went.</summary>
    public static async Task<CallEnd> SendAsync(Contestant contestant, Uri address, CancellationToken end)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using HttpResponseMessage response = await contestant.Client.SendAsync(request, end);
            return response.IsSuccessStatusCode && response.Content.Headers.ContentLength == Payload.Length
                ? CallEnd.Succeeded
                : CallEnd.Failed;
        }
        catch (Exception exception)
        {
            return contestant.Meaning(exception);
        }
    }

    private async Task RunAsync() => log.Finish(number, await SendAsync(contestant, address, end));
}
