using System.Globalization;
using System.Numerics;
using System.Text;

namespace Resilience.Rpc.Tests.Digest;

/// <summary>
/// A JSON value as a tree, with the one text that equal values share and, from a source of chance, the many ways in which it can be written.
/// </summary>
internal abstract record JsonModel
{
    internal sealed record Literal(string Word) : JsonModel;

    internal sealed record Number(BigInteger Digits, int Exponent) : JsonModel;

    internal sealed record Text(string Value) : JsonModel;

    internal sealed record Elements(IReadOnlyList<JsonModel> Items) : JsonModel;

    internal sealed record Members(IReadOnlyList<KeyValuePair<string, JsonModel>> Items) : JsonModel;

    /// <summary>The text that two trees share exactly if they say the same.</summary>
    internal string Canonical => this switch
    {
        Literal literal => literal.Word,
        Number number => Reduced(number),
        Text text => Quoted(text.Value),
        Elements elements => $"[{string.Join(',', elements.Items.Select(item => item.Canonical))}]",
        Members members => $"{{{string.Join(',', members.Items.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => Quoted(m.Key) + ":" + m.Value.Canonical))}}}",
        _ => throw new InvalidOperationException(),
    };

    /// <summary>One way to write it.</summary>
    internal byte[] Write(Random random)
    {
        var text = new StringBuilder();
        Write(text, random);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Reduced(Number number)
    {
        var (digits, exponent) = (number.Digits, number.Exponent);
        while (!digits.IsZero && digits % 10 == 0)
        {
            digits /= 10;
            exponent++;
        }

        return digits.IsZero ? "0" : $"{digits}e{exponent}";
    }

    private static string Quoted(string text) => $"<{text.Length}:{text}>";

    private void Write(StringBuilder text, Random random)
    {
        Blank(text, random);
        switch (this)
        {
            case Literal literal:
                text.Append(literal.Word);
                break;
            case Number number:
                WriteNumber(text, number, random);
                break;
            case Text value:
                WriteText(text, value.Value, random);
                break;
            case Elements elements:
                text.Append('[');
                Separated(text, elements.Items, item => item.Write(text, random));
                text.Append(']');
                break;
            case Members members:
                text.Append('{');
                var order = members.Items.ToArray();
                random.Shuffle(order);
                Separated(text, order, member =>
                {
                    Blank(text, random);
                    WriteText(text, member.Key, random);
                    text.Append(':');
                    member.Value.Write(text, random);
                });
                text.Append('}');
                break;
        }

        Blank(text, random);
    }

    private static void Separated<T>(StringBuilder text, IReadOnlyList<T> items, Action<T> write)
    {
        for (var i = 0; i < items.Count; i++)
        {
            text.Append(i == 0 ? "" : ",");
            write(items[i]);
        }
    }

    private static void Blank(StringBuilder text, Random random) => text.Append(random.Next(8) == 0 ? " \n" : "");

    private static void WriteText(StringBuilder text, string value, Random random)
    {
        text.Append('"');
        foreach (var rune in value.EnumerateRunes())
        {
            var isEscaped = rune.Value is '"' or '\\' or < ' ' || random.Next(6) == 0;
            text.Append(isEscaped ? string.Concat(rune.ToString().Select(c => $"\\u{(int)c:x4}")) : rune.ToString());
        }

        text.Append('"');
    }

    // The digits shifted against the exponent, with zeros added behind or in front of a point.
    private static void WriteNumber(StringBuilder text, Number number, Random random)
    {
        var shift = random.Next(0, 3);
        var digits = BigInteger.Abs(number.Digits).ToString(CultureInfo.InvariantCulture) + new string('0', shift);
        var exponent = number.Exponent - shift;
        text.Append(number.Digits.Sign < 0 ? "-" : "");
        var point = random.Next(0, digits.Length + 1);
        var whole = digits[..point].TrimStart('0');
        text.Append(whole.Length == 0 ? "0" : whole);
        if (point < digits.Length)
        {
            text.Append('.').Append(digits[point..]);
        }

        exponent += digits.Length - point;
        if (exponent != 0 || random.Next(2) == 0)
        {
            text.Append(random.Next(2) == 0 ? 'e' : 'E').Append(exponent < 0 ? "-" : random.Next(2) == 0 ? "+" : "");
            text.Append(random.Next(3) == 0 ? "00" : "").Append(Math.Abs((long)exponent));
        }
    }
}
