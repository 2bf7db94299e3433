namespace Resilience.Http;

/// <summary>
/// The classifier of HTTP outcomes: <see cref="HttpVerdict"/> on responses and exceptions. Safe for concurrent use; allocates nothing.
/// </summary>
public sealed class HttpClassifier : Classifier<HttpResponseMessage>
{
    private TimeProvider _time;

    /// <summary>A classifier that compares dates in Retry-After with the wall clock of <paramref name="time"/>.</summary>
    /// <param name="time">Whose wall clock.</param>
    public HttpClassifier(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
    }

    /// <summary>The classifier with the system's wall clock.</summary>
    public static HttpClassifier System { get; } = new(TimeProvider.System);

    /// <inheritdoc/>
    public override Verdict Classify(in Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: { } exception } => HttpVerdict.Of(exception),
        { ResultOrDefault: { } response } => HttpVerdict.Of(response, _time),
        _ => Verdict.Ignored,
    };

    /// <summary>Follows a builder whose time provider was chosen after the classifier; called before any pipeline has it.</summary>
    internal void Follow(TimeProvider time) => _time = time;
}
