namespace Resilience.Arena;

internal static class HtmlReport
{
    public static string Write(ArenaResult result) => result.Machine;
}
