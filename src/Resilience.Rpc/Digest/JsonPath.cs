using System.Text;

namespace Resilience.Rpc;

/// <summary>One path: the name of each step, null for any member and empty for every element of an array.</summary>
internal sealed class JsonPath
{
    private const string AnyDepth = "..";

    private JsonPath(byte[]?[] steps, bool isAtAnyDepth, PathRoles role)
    {
        Steps = steps;
        IsAtAnyDepth = isAtAnyDepth;
        Role = role;
    }

    internal byte[]?[] Steps { get; }

    internal bool IsAtAnyDepth { get; }

    internal PathRoles Role { get; }

    /// <exception cref="ArgumentException">The path cannot be read; the message names the property and the path.</exception>
    internal static JsonPath Parse(string property, string? path, PathRoles role)
    {
        var isAtAnyDepth = path?.StartsWith(AnyDepth, StringComparison.Ordinal) ?? false;
        var steps = new List<byte[]?>();
        foreach (var part in (isAtAnyDepth ? path![2..] : path ?? "").Split('.'))
        {
            var name = part;
            var elements = 0;
            while (name.EndsWith("[]", StringComparison.Ordinal))
            {
                name = name[..^2];
                elements++;
            }

            // Only the root is an array without a name.
            if (name.AsSpan().ContainsAny('[', ']') || (name.Length == 0 && (elements == 0 || steps.Count > 0))
                || (name.Length > 1 && name.Contains('*')))
            {
                throw Unreadable(property, path);
            }

            if (name.Length > 0)
            {
                steps.Add(name == "*" ? null : Encoding.UTF8.GetBytes(name));
            }

            steps.AddRange(Enumerable.Repeat<byte[]?>([], elements));
        }

        return isAtAnyDepth && (steps is not [{ Length: > 0 }] || role == PathRoles.Projected)
            ? throw Unreadable(property, path)
            : new JsonPath([.. steps], isAtAnyDepth, role);
    }

    private static ArgumentException Unreadable(string property, string? path) => new(
        $"{property} holds '{path}'; a path is names with dots between, * for any member, [] for every element"
        + (property == nameof(JsonDigestOptions.ProjectedPaths) ? "." : ", or two dots and one name."),
        property);
}
