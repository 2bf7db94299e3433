using System.Buffers;
using System.Runtime.CompilerServices;

namespace Resilience.Rpc;

/// <summary>
/// Validates transactions against several endpoints: each question is put to them together and only what they agree on counts. What was read is
/// kept by kind and finality; who asks for the same at the same time shares one reading. Safe for concurrent use.
/// </summary>
/// <remarks>A validation is seven checks over up to seven readings, in three steps one after another; a reading allocates.</remarks>
public sealed class RpcValidator : IDisposable
{
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789abcdefABCDEF");
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

    /// <summary>Validates one transaction. What the endpoints do is in the verdict and never thrown.</summary>
    /// <param name="hash">The transaction's hash: 0x and 64 hexadecimal digits.</param>
    /// <param name="cancellationToken">Ends the validation.</param>
    /// <exception cref="ArgumentException"><paramref name="hash"/> is no hash.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public ValueTask<RpcVerdict> ValidateAsync(string hash, CancellationToken cancellationToken = default)
    {
        Check(hash);
        cancellationToken.ThrowIfCancellationRequested();
        return new TransactionPlan(_reader, Options, hash, cancellationToken).RunAsync();
    }

    /// <summary>Validates many transactions, so many at once; the next begins when a verdict has been taken.</summary>
    /// <param name="hashes">The transactions' hashes.</param>
    /// <param name="options">How many at once, and in which order; null for the defaults.</param>
    /// <param name="progress">Told after each; may be null.</param>
    /// <param name="cancellationToken">Ends the validation.</param>
    /// <exception cref="ArgumentException">A hash is none, or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public IAsyncEnumerable<RpcVerdict> ValidateManyAsync(
        IReadOnlyList<string> hashes, RpcBulkOptions? options = null, IProgress<RpcProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        options ??= new RpcBulkOptions();
        options.Validate();
        foreach (var hash in hashes)
        {
            Check(hash);
        }

        return StreamAsync(hashes, options, progress, cancellationToken);
    }

    /// <summary>Reads what is likely to be asked for, so that it is kept already when it is.</summary>
    /// <param name="hashes">The transactions' hashes.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>How many of them are valid.</returns>
    public async Task<int> WarmUpAsync(IReadOnlyList<string> hashes, CancellationToken cancellationToken = default)
    {
        var valid = 0;
        await foreach (var verdict in ValidateManyAsync(hashes, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            valid += verdict.IsValid ? 1 : 0;
        }

        return valid;
    }

    private static void Check(string hash)
    {
        ArgumentNullException.ThrowIfNull(hash);
        if (hash.Length != 66 || !hash.StartsWith("0x", StringComparison.Ordinal) || hash.AsSpan(2).ContainsAnyExcept(s_digits))
        {
            throw new ArgumentException($"hash is '{hash}'; it must be 0x and 64 hexadecimal digits.", nameof(hash));
        }
    }

    private async IAsyncEnumerable<RpcVerdict> StreamAsync(
        IReadOnlyList<string> hashes, RpcBulkOptions options, IProgress<RpcProgress>? progress,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<RpcVerdict>>(Math.Min(options.MaxParallel, hashes.Count));
        var (next, valid) = (0, 0);
        try
        {
            for (var done = 1; done <= hashes.Count; done++)
            {
                while (next < hashes.Count && running.Count < options.MaxParallel)
                {
                    running.Add(ValidateAsync(hashes[next++], stop.Token).AsTask());
                }

                var over = options.Ordered ? running[0] : await Task.WhenAny(running).ConfigureAwait(false);
                var verdict = await over.ConfigureAwait(false);
                running.Remove(over);
                valid += verdict.IsValid ? 1 : 0;
                progress?.Report(new RpcProgress(done, hashes.Count, valid));
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
