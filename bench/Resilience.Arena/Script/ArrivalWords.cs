namespace Resilience.Arena;

/// <summary>The kinds of arrival in words.</summary>
internal static class ArrivalWords
{
    public static string Words(this Arrivals arrivals) => arrivals switch
    {
        Arrivals.Constant => "even arrivals",
        _ => "Poisson arrivals",
    };
}
