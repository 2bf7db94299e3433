namespace Resilience.Caching.Tests.Payloads;

public sealed class CompressionQueueTests
{
    [Fact]
    public void WhenFull_PiecesAreRefused_AndOrderIsKept()
    {
        var done = new List<int>();
        var queue = new CompressionQueue<int>(3, done.Add, isManual: true);
        for (var round = 0; round < 3; round++)
        {
            done.Clear();
            Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(queue.TryEnqueue));
            Assert.Equal(3, queue.Count);
            queue.Drain();
            Assert.Equal([0, 1, 2], done);
        }
    }

    [Fact]
    public void WhileAPieceIsDone_ItCounts()
    {
        var counts = new List<int>();
        CompressionQueue<int> queue = null!;
        queue = new CompressionQueue<int>(3, _ => counts.Add(queue.Count), isManual: true);
        queue.TryEnqueue(1);
        queue.TryEnqueue(2);
        queue.Drain();
        Assert.Equal([2, 1], counts);
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void WhenAPieceThrows_TheNextIsDone()
    {
        var done = 0;
        var queue = new CompressionQueue<int>(3, piece => done += piece == 1 ? throw new InvalidOperationException() : piece, isManual: true);
        queue.TryEnqueue(1);
        queue.TryEnqueue(2);
        queue.Drain();
        Assert.Equal(2, done);
    }

    [Fact]
    public async Task WhenManyThreadsAdd_EveryPieceTakenInIsDoneOnce_AndNoneWaitsForever()
    {
        const int Pieces = 20_000;
        const int Threads = 4;
        var sum = 0L;
        var done = 0;
        var taken = 0L;
        var finished = new TaskCompletionSource();
        CompressionQueue<int> queue = null!;
        queue = new CompressionQueue<int>(64, piece =>
        {
            sum += piece;
            if (Interlocked.Increment(ref done) == Pieces * Threads)
            {
                finished.SetResult();
            }
        }, isManual: false);
        var producers = Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            var wait = default(SpinWait);
            for (var i = 1; i <= Pieces; i++)
            {
                while (!queue.TryEnqueue(i))
                {
                    wait.SpinOnce();
                }

                Interlocked.Add(ref taken, i);
            }
        }));
        await Task.WhenAll(producers);
        await finished.Task;
        while (queue.Count > 0)
        {
            await Task.Yield();
        }

        Assert.Equal(taken, sum);
    }
}
