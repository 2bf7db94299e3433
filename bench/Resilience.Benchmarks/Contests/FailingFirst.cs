using Polly;

namespace Resilience.Benchmarks;

/// <summary>
/// Calls whose first attempts fail and whose last succeeds, tried again without a wait. The state counts the attempts; a failure is a
/// reply that a rule tells, an outcome with an exception that is never thrown, or a thrown exception. Replies and exceptions are made once,
/// before the clock runs.
/// </summary>
/// <typeparam name="TRow">The row's mark; see <see cref="Input{TRow}"/>.</typeparam>
/// <param name="ours">Our pipeline.</param>
/// <param name="peer">The peer's pipeline.</param>
/// <param name="failures">How many attempts fail.</param>
internal abstract class FailingFirst<TRow>(Pipeline<Reply> ours, ResiliencePipeline<Reply> peer, int failures) : Contest
    where TRow : struct
{
    protected static readonly Exception Failure = new InvalidOperationException("The dependency failed.");

    protected Pipeline<Reply> OurPipeline { get; } = ours;

    protected ResiliencePipeline<Reply> PeerPipeline { get; } = peer;

    // One for all rounds, on each side, or its bytes would be the calls'.
    protected Attempts OurAttempts { get; } = new(failures);

    protected Attempts PeerAttempts { get; } = new(failures);

    /// <summary>
    /// The state of a call. What its attempts share is one object that serves a whole loop, so that no side pays for it; around it a struct of
    /// the row's own, as in <see cref="Input{TRow}"/>.
    /// </summary>
    protected readonly struct Attempts(int failures)
    {
        private readonly Counter _counter = new();

        public Reply Reply => _counter.Reply;

        /// <summary>The state of the call numbered <paramref name="i"/>.</summary>
        public Attempts For(int i)
        {
            _counter.Reply = Reply.For(i);
            _counter.Left = failures;
            return this;
        }

        /// <summary>Whether the attempt that begins fails.</summary>
        public bool Fails() => --_counter.Left >= 0;
    }

    private sealed class Counter
    {
        public int Left { get; set; }

        public Reply Reply { get; set; } = Reply.For(0);
    }
}
