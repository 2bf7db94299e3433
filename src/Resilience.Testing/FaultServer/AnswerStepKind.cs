namespace Resilience.Testing;

/// <summary>What a connection does at one step of an answer.</summary>
internal enum AnswerStepKind
{
    /// <summary>Sends the bytes.</summary>
    Send,

    /// <summary>Sends the bytes again and again until the peer is gone.</summary>
    SendForever,

    /// <summary>Waits until the test lets it go on.</summary>
    Pause,

    /// <summary>Says nothing until the peer is gone.</summary>
    Silence,

    /// <summary>Ends its own direction of the connection, then says nothing until the peer is gone.</summary>
    HalfClose,

    /// <summary>Closes in good order.</summary>
    Close,

    /// <summary>Closes with a reset.</summary>
    Reset,
}
