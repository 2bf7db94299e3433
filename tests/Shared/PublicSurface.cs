using System.Reflection;
using System.Runtime.CompilerServices;

namespace Resilience.Tests;

/// <summary>
/// What an assembly shows to its users, a line a member, and the file in which the test project keeps it. A change of the surface is a
/// change of that file: run the test with <c>ACCEPT_PUBLIC_SURFACE=1</c> to rewrite it, and read the difference.
/// </summary>
internal static class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    internal static void Verify(Assembly assembly, [CallerFilePath] string test = "")
    {
        var name = assembly.GetName().Name + ".txt";
        var lines = Describe(assembly);
        if (Environment.GetEnvironmentVariable("ACCEPT_PUBLIC_SURFACE") == "1")
        {
            File.WriteAllLines(Path.Combine(Path.GetDirectoryName(test)!, name), lines);
            return;
        }

        var kept = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, name));
        var differences = lines.Except(kept).Select(line => "+" + line).Concat(kept.Except(lines).Select(line => "-" + line)).ToArray();
        Assert.True(differences.Length == 0, $"The public surface differs from {name}:\n{string.Join('\n', differences)}");
    }

    private static string[] Describe(Assembly assembly) =>
    [
        .. assembly.GetExportedTypes()
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .SelectMany(type => Members(type).Order(StringComparer.Ordinal).Prepend(Describe(type))),
    ];

    private static string Describe(Type type)
    {
        var kind = type.IsEnum ? "enum" : type.IsValueType ? "struct" : type.IsInterface ? "interface"
            : type.IsSubclassOf(typeof(Delegate)) ? "delegate" : type is { IsAbstract: true, IsSealed: true } ? "static class"
            : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
        var bases = type.GetInterfaces().Where(t => t.IsPublic).Select(t => t.ToString()).Order(StringComparer.Ordinal);
        return $"{kind} {type} : {string.Join(", ", bases.Prepend(type.BaseType?.ToString() ?? "none"))}";
    }

    private static IEnumerable<string> Members(Type type) => type.GetMembers(Declared).Select(member => member switch
    {
        MethodBase method when IsShown(method) && !IsAccessor(method) => $"  {Form(method)}{Describe(method)}",
        PropertyInfo property when property.GetAccessors(nonPublic: true).Any(IsShown) =>
            $"  {property.PropertyType} {property.Name}{Indices(property)} {{ {string.Join(" ", property.GetAccessors(nonPublic: true).Where(IsShown).Select(Accessor))} }}",
        FieldInfo field when field.IsPublic || field.IsFamily => $"  {(field.IsLiteral ? "const " : "")}{field.FieldType} {field.Name}{Value(field)}",
        EventInfo shown when shown.AddMethod is { } add && IsShown(add) => $"  event {shown.EventHandlerType} {shown.Name}",
        _ => null,
    }).OfType<string>();

    private static bool IsShown(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsAccessor(MethodBase method) =>
        method.IsSpecialName && (method.Name.StartsWith("get_", StringComparison.Ordinal) || method.Name.StartsWith("set_", StringComparison.Ordinal)
            || method.Name.StartsWith("add_", StringComparison.Ordinal) || method.Name.StartsWith("remove_", StringComparison.Ordinal));

    private static string Form(MethodBase method) =>
        (method.IsPublic ? "" : "protected ") + (method.IsStatic ? "static " : method.IsAbstract ? "abstract " : method is { IsVirtual: true, IsFinal: false } ? "virtual " : "");

    private static string Describe(MethodBase method) =>
        $"{(method is MethodInfo { ReturnType: var type } ? type + " " : "")}{method.Name}{Arguments(method)}({string.Join(", ", method.GetParameters().Select(Describe))})";

    private static string Arguments(MethodBase method) =>
        method.IsGenericMethod ? $"[{string.Join(", ", method.GetGenericArguments().Select(type => type.Name))}]" : "";

    private static string Describe(ParameterInfo parameter) =>
        $"{parameter.ParameterType} {parameter.Name}{(parameter.HasDefaultValue ? " = " + (parameter.RawDefaultValue ?? "default") : "")}";

    private static string Indices(PropertyInfo property) =>
        property.GetIndexParameters() is { Length: > 0 } indices ? $"[{string.Join(", ", indices.Select(Describe))}]" : "";

    private static string Accessor(MethodInfo accessor) =>
        (accessor.IsPublic ? "" : "protected ") + (accessor.Name.StartsWith("get_", StringComparison.Ordinal) ? "get;"
            : accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init;" : "set;");

    private static string Value(FieldInfo field) =>
        field is { IsLiteral: true } ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $" = {field.GetRawConstantValue()}") : "";
}
