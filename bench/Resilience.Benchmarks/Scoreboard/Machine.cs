using System.Reflection;
using System.Runtime.InteropServices;
using Polly;

namespace Resilience.Benchmarks;

/// <summary>Where and when the figures were taken, and whether the machine was shared.</summary>
internal sealed record Machine(
    DateTimeOffset Time, string Runtime, string System, int Processors, string Peer, double ControlDrift, double? ControlScaling)
{
    private const double QuietDrift = 0.1;
    private const double QuietScaling = 1.9;

    public bool IsQuiet => ControlDrift < QuietDrift && ControlScaling is null or >= QuietScaling;

    public string Text =>
        $"{Runtime}, {System}, {Processors} processors, {Peer}. One thread alone is timed by its processor time.\n" +
        $"Control of pure arithmetic: drift {ControlDrift:0%}" +
        (ControlScaling is { } scaling ? $", two threads {scaling:0.00}×" : "") +
        (IsQuiet ? "." : ": the machine was shared; look at the ratios only, and at those with care.");

    public static Machine Describe(Control control) => new(
        TimeProvider.System.GetUtcNow(),
        RuntimeInformation.FrameworkDescription,
        $"{RuntimeInformation.OSDescription} {RuntimeInformation.ProcessArchitecture}",
        Environment.ProcessorCount,
        $"Polly.Core {PeerVersion()}",
        control.Drift,
        control.Scaling);

    // Without the commit, which follows a plus sign.
    private static string? PeerVersion() =>
        typeof(ResiliencePipeline).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
}
