using System.Net;

namespace Resilience.Http.Tests;

/// <summary>What a call through the handler costs beside the task that any handler must return. Release builds only.</summary>
public sealed class AllocationTests
{
    private const int Calls = 10_000;

    [Theory]
    [InlineData("GET", false)]
    [InlineData("POST", false)]
    [InlineData("PUT", true)]
    public void WhenTheCallCompletesAtOnce_OnlyItsTaskIsAllocated(string method, bool hasBody)
    {
        var pipeline = new PipelineBuilder<HttpResponseMessage>().Classify(HttpClassifier.System).AddStandard().Build();
        using var invoker = new HttpMessageInvoker(new ResilienceHandler(new Immediate(), pipeline));
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://host/");
        request.Content = hasBody ? new StringContent("x") : null;
        Assert.Equal(Measure(_ => Task.FromResult(Immediate.Response)), Measure(token => invoker.SendAsync(request, token)));
    }

    [Fact]
    public void WhenSynchronous_NothingIsAllocated()
    {
        var pipeline = new PipelineBuilder<HttpResponseMessage>().Classify(HttpClassifier.System).AddStandard().Build();
        using var invoker = new HttpMessageInvoker(new ResilienceHandler(new Immediate(), pipeline));
        using var get = new HttpRequestMessage(HttpMethod.Get, "http://host/");
        using var post = new HttpRequestMessage(HttpMethod.Post, "http://host/");
        Assert.Equal(0, Measure(token => Done(invoker.Send(get, token))));
        Assert.Equal(0, Measure(token => Done(invoker.Send(post, token))));

        static Task Done(HttpResponseMessage response)
        {
            GC.KeepAlive(response);
            return Task.CompletedTask;
        }
    }

    private static long Measure(Func<CancellationToken, Task> call)
    {
        using var caller = new CancellationTokenSource();
        for (var i = 0; i < Calls; i++)
        {
            call(caller.Token);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Calls; i++)
        {
            call(caller.Token);
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
    }

    private sealed class Immediate : HttpMessageHandler
    {
        private static readonly Task<HttpResponseMessage> s_task = Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));

        public static HttpResponseMessage Response => s_task.Result;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => s_task;

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) => s_task.Result;
    }
}
