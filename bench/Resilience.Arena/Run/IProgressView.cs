namespace Resilience.Arena;

/// <summary>Shows how far a run is. Called from several threads.</summary>
internal interface IProgressView
{
    /// <summary>Everyone is warm; the script begins.</summary>
    void Started();

    /// <summary>A contestant has got further.</summary>
    void Report(ContestantName name, Tick tick);
}
