namespace Resilience.Arena;

/// <summary>The first words of messages, and the internal arguments that turn this executable into a child.</summary>
internal static class Words
{
    public const string UpstreamArgument = "--internal-upstream";
    public const string ContestantArgument = "--internal-contestant";

    public const string Order = "order";
    public const string Ready = "ready";
    public const string Start = "start";
    public const string Tick = "tick";
    public const string Stop = "stop";
    public const string Result = "result";
}
