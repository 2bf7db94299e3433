using System.Runtime.CompilerServices;

namespace Resilience.Rpc;

/// <summary>
/// Validates transactions, blocks and addresses against several endpoints: each question is put to them together and only what they agree on
/// counts. What was read is kept by kind and finality; who asks for the same at the same time shares one reading. Safe for concurrent use.
/// </summary>
/// <remarks>A validation is four to seven checks over up to eight readings, in three steps one after another; a reading allocates.</remarks>
public sealed class RpcValidator : IDisposable
{
    private static readonly CallBatcher s_singly = new(1);
    private readonly RpcReader _reader;

    /// <summary>A validator over a set of endpoints.</summary>
    /// <param name="endpoints">The endpoints; fan-outs may share them. Their clients must keep answers and digest them.</param>
    /// <param name="options">How they agree, and how long readings are kept; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or does not fit the endpoints.</exception>
    public RpcValidator(EndpointSet<JsonRpcClient> endpoints, RpcValidatorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        Options = options ?? new RpcValidatorOptions();
        Options.Validate();
        _reader = new RpcReader(endpoints, Options);
    }

    /// <summary>How the endpoints agree, and how long readings are kept.</summary>
    public RpcValidatorOptions Options { get; }

    /// <summary>Forgets what was read.</summary>
    public void Dispose() => _reader.Dispose();

    /// <summary>Validates one subject. What the endpoints do is in the verdict and never thrown.</summary>
    /// <param name="subject">What to validate.</param>
    /// <param name="cancellationToken">Ends the validation.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public ValueTask<RpcVerdict> ValidateAsync(RpcSubject subject, CancellationToken cancellationToken = default) =>
        ValidateAsync(subject, s_singly, cancellationToken);

    /// <summary>Validates many subjects, so many at once; the next begins when a verdict has been taken.</summary>
    /// <param name="subjects">What to validate.</param>
    /// <param name="options">How many at once, in which order, and in which batches; null for the defaults.</param>
    /// <param name="progress">Told after each; may be null.</param>
    /// <param name="cancellationToken">Ends the validation.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public IAsyncEnumerable<RpcVerdict> ValidateManyAsync(
        IReadOnlyList<RpcSubject> subjects, RpcBulkOptions? options = null, IProgress<RpcProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(subjects);
        options ??= new RpcBulkOptions();
        options.Validate();
        return StreamAsync(subjects, options, progress, cancellationToken);
    }

    /// <summary>Reads what is likely to be asked for, so that it is kept already when it is.</summary>
    /// <param name="subjects">What will be validated.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>How many of them are valid.</returns>
    public async Task<int> WarmUpAsync(IReadOnlyList<RpcSubject> subjects, CancellationToken cancellationToken = default)
    {
        var valid = 0;
        await foreach (var verdict in ValidateManyAsync(subjects, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            valid += verdict.IsValid ? 1 : 0;
        }

        return valid;
    }

    private ValueTask<RpcVerdict> ValidateAsync(RpcSubject subject, CallBatcher batches, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subject);
        cancellationToken.ThrowIfCancellationRequested();
        ValidationPlan plan = subject.Kind switch
        {
            SubjectKind.Transaction => new TransactionPlan(_reader, Options, batches, subject, cancellationToken),
            SubjectKind.Address => new AddressPlan(_reader, Options, batches, subject, cancellationToken),
            _ => new BlockPlan(_reader, Options, batches, subject, cancellationToken),
        };
        return plan.RunAsync();
    }

    private async IAsyncEnumerable<RpcVerdict> StreamAsync(
        IReadOnlyList<RpcSubject> subjects, RpcBulkOptions options, IProgress<RpcProgress>? progress,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<RpcVerdict>>(Math.Min(options.MaxParallel, subjects.Count));
        var batches = options.MaxBatch == 1 ? s_singly : new CallBatcher(options.MaxBatch);
        var (next, valid) = (0, 0);
        try
        {
            for (var done = 1; done <= subjects.Count; done++)
            {
                while (next < subjects.Count && running.Count < options.MaxParallel)
                {
                    running.Add(ValidateAsync(subjects[next++], batches, stop.Token).AsTask());
                }

                var over = options.Ordered ? running[0] : await Task.WhenAny(running).ConfigureAwait(false);
                var verdict = await over.ConfigureAwait(false);
                running.Remove(over);
                valid += verdict.IsValid ? 1 : 0;
                progress?.Report(new RpcProgress(done, subjects.Count, valid));
                yield return verdict;
            }
        }
        finally
        {
            // Who stops early leaves nothing running and nothing unobserved.
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
