// A trimmed, self-contained program that makes calls: what the linker takes away that a call needs shows here.
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Resilience;
using Resilience.Http;

var pipeline = new PipelineBuilder { Name = "smoke" }
    .AddTimeout(TimeSpan.FromSeconds(10), "total timeout")
    .AddRetry(new RetryOptions { Backoff = Backoff.None })
    .AddCircuitBreaker()
    .AddTimeout(TimeSpan.FromSeconds(5), "attempt timeout")
    .Build();
Console.WriteLine(pipeline);

var attempts = 0;
var answer = await pipeline.ExecuteAsync(async token =>
{
    await Task.Delay(1, token);
    return ++attempts < 3 ? throw new InvalidOperationException("not yet") : 42;
});
Check(answer == 42 && attempts == 3, "a call is tried again until it succeeds");

using var services = new ServiceCollection()
    .AddHttpClient("smoke", client => client.BaseAddress = new Uri("http://127.0.0.1/"))
    .ConfigurePrimaryHttpMessageHandler(() => new Upstream())
    .AddStandardResilience()
    .Services.BuildServiceProvider();
using var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("smoke");
using var response = await client.GetAsync(new Uri("/", UriKind.Relative));
Check(response.StatusCode == HttpStatusCode.OK && Upstream.Requests == 2, "an HttpClient call is tried again after 503");
Console.WriteLine("smoke: passed");
return 0;

static void Check(bool holds, string what)
{
    if (!holds)
    {
        throw new InvalidOperationException("smoke: " + what + ": does not hold");
    }
}

internal sealed class Upstream : HttpMessageHandler
{
    internal static int Requests { get; private set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var status = Requests++ == 0 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK;
        var response = new HttpResponseMessage(status);
        response.Headers.RetryAfter = new System.Net.Http.Headers.RetryConditionHeaderValue(TimeSpan.Zero);
        return Task.FromResult(response);
    }
}
