using System.Diagnostics;

namespace Resilience.Rpc.Tests.Ethereum;

/// <summary>The installed nodes: put in place by the script beside them, which does nothing when they are there.</summary>
internal static class NodePackages
{
    private static readonly Lazy<Task> s_installed = new(InstallAsync);

    public static string Folder { get; } = Path.Combine(Root(), "tests", "Resilience.Rpc.Tests", "nodes");

    public static Task EnsureAsync() => s_installed.Value;

    private static async Task InstallAsync()
    {
        using var install = Process.Start(new ProcessStartInfo("bash", ["install.sh"]) { WorkingDirectory = Folder })!;
        await install.WaitForExitAsync();
        Assert.Equal(0, install.ExitCode);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Resilience.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run within the repository.");
        }

        return folder.FullName;
    }
}
