namespace Resilience.Arena;

/// <summary>What people read for a contestant.</summary>
internal static class Titles
{
    public static string Of(ContestantName name) => name switch
    {
        ContestantName.Bare => "bare HttpClient",
        ContestantName.Polly => $"Polly {VersionOf(typeof(global::Polly.ResiliencePipeline))}",
        _ => "Resilience",
    };

    private static string VersionOf(Type type)
    {
        var attribute = (System.Reflection.AssemblyInformationalVersionAttribute?)Attribute.GetCustomAttribute(
            type.Assembly, typeof(System.Reflection.AssemblyInformationalVersionAttribute));
        return attribute?.InformationalVersion.Split('+')[0] ?? "";
    }
}
