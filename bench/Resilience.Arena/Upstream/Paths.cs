using System.Globalization;

namespace Resilience.Arena;

/// <summary>Paths that both sides know: work follows the script, the warm paths do as they say.</summary>
internal static class Paths
{
    public const string Work = "/orders/";
    public const string WarmGood = "/warm/good";
    public const string WarmError = "/warm/error";
    public const string WarmReset = "/warm/reset";
    public const string WarmStuck = "/warm/stuck";

    public static string OfCall(int call) => string.Create(CultureInfo.InvariantCulture, $"{Work}{call}");

    public static bool TryCall(string path, out int call)
    {
        call = 0;
        return path.StartsWith(Work, StringComparison.Ordinal)
            && int.TryParse(path.AsSpan(Work.Length), NumberStyles.None, CultureInfo.InvariantCulture, out call);
    }
}
