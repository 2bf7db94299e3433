using System.Globalization;
using System.Text;

namespace Resilience.Benchmarks;

/// <summary>
/// Pages of a product list as a service would answer them: 12 fields an item, with random identifiers, prices, times and counts, and names
/// from a vocabulary of 500 words with the frequencies of language (Zipf). The same number and length give the same bytes.
/// </summary>
internal static class JsonPayload
{
    private const int Words = 500;
    private static readonly string[] s_words = [.. Enumerable.Range(0, Words).Select(Word)];
    private static readonly string[] s_kinds = ["tools", "garden", "books", "kitchen", "toys", "audio", "lighting", "office"];

    /// <summary>A page of exactly <paramref name="length"/> bytes, cut where the page of a service would end.</summary>
    public static byte[] Of(int number, int length)
    {
        var random = new Random(number);
        var text = new StringBuilder(length + 512);
        text.Append(CultureInfo.InvariantCulture, $"{{\"page\":{random.Next(100)},\"total\":{random.Next(10_000)},\"items\":[");
        while (text.Length < length)
        {
            AppendItem(text, random);
        }

        text.Length = length;
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static void AppendItem(StringBuilder text, Random random)
    {
        var culture = CultureInfo.InvariantCulture;
        var kind = s_kinds[random.Next(s_kinds.Length)];
        text.Append(culture, $"{{\"id\":{random.Next(10_000_000)},\"sku\":\"{random.Next(0x100000):X5}\",\"name\":\"{Text(random)} {Text(random)}\",");
        text.Append(culture, $"\"category\":\"{kind}\",\"price\":{random.Next(100, 50_000) / 100.0},\"currency\":\"EUR\",\"inStock\":{(random.Next(4) > 0 ? "true" : "false")},");
        text.Append(culture, $"\"stock\":{random.Next(500)},\"rating\":{random.Next(10, 51) / 10.0},\"reviews\":{random.Next(2_000)},");
        text.Append(culture, $"\"tags\":[\"{Text(random)}\",\"{Text(random)}\"],\"updatedAt\":\"2030-{random.Next(1, 13):00}-{random.Next(1, 29):00}T{random.Next(24):00}:{random.Next(60):00}:00Z\"}},");
    }

    // Zipf: the rank is the exponential of a uniform number.
    private static string Text(Random random) => s_words[(int)Math.Pow(Words, random.NextDouble()) - 1];

    private static string Word(int rank)
    {
        const string Consonants = "bdfghklmnprstvwz";
        const string Vowels = "aeiou";
        var random = new Random(rank);
        return string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => $"{Consonants[random.Next(16)]}{Vowels[random.Next(5)]}"));
    }
}
