using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace Resilience.Rpc.Tests.Digest;

/// <summary>Trees drawn from few names, texts and numbers, so that two of them are often nearly alike.</summary>
internal static class JsonModels
{
    private const int Deepest = 4;
    private static readonly string[] s_texts = ["", "a", "b", "a,b", "ab", "0x0", "0x00", "null", "1", "é", "e\u0301", "😀", "\"", "\\", "\u0001", "[]"];

    internal static Arbitrary<JsonModel> Any => Tree(Deepest).ToArbitrary();

    /// <summary>Two trees of which the second is the first, with one place changed or none.</summary>
    internal static Arbitrary<(JsonModel First, JsonModel Second)> Neighbours =>
        (from first in Tree(Deepest)
         from seed in Gen.Choose(0, int.MaxValue)
         from other in Tree(1)
         select (first, seed % 3 == 0 ? first : Changed(first, other, new Random(seed)))).ToArbitrary();

    private static Gen<JsonModel> Tree(int depth) => depth == 0 ? Scalar : Gen.OneOf(Scalar, Elements(depth), Members(depth));

    private static Gen<JsonModel> Scalar => Gen.OneOf(
        Gen.Elements("null", "true", "false").Select(JsonModel (word) => new JsonModel.Literal(word)),
        from digits in Gen.Elements(0, 1, 10, 12, -1, 120, 1_000_000)
        from exponent in Gen.Elements(0, 1, -1, 2, -3, 400, -400, 99_999)
        select (JsonModel)new JsonModel.Number(new BigInteger(digits), exponent),
        Gen.Elements(s_texts).Select(JsonModel (text) => new JsonModel.Text(text)));

    private static Gen<JsonModel> Elements(int depth) =>
        from count in Gen.Choose(0, 4)
        from items in Tree(depth - 1).ArrayOf(count)
        select (JsonModel)new JsonModel.Elements(items);

    private static Gen<JsonModel> Members(int depth) =>
        from count in Gen.Choose(0, 5)
        from names in Gen.Elements(s_texts).ArrayOf(count)
        from values in Tree(depth - 1).ArrayOf(count)
        select (JsonModel)new JsonModel.Members([.. names.Zip(values, KeyValuePair.Create).DistinctBy(member => member.Key)]);

    private static JsonModel Changed(JsonModel tree, JsonModel other, Random random)
    {
        switch (tree)
        {
            case JsonModel.Elements { Items.Count: > 0 } elements when random.Next(4) > 0:
                var items = elements.Items.ToArray();
                var at = random.Next(items.Length);
                items[at] = Changed(items[at], other, random);
                return random.Next(8) == 0 ? new JsonModel.Elements([.. items.Reverse()]) : new JsonModel.Elements(items);
            case JsonModel.Members { Items.Count: > 0 } members when random.Next(4) > 0:
                var pairs = members.Items.ToArray();
                var which = random.Next(pairs.Length);
                pairs[which] = KeyValuePair.Create(pairs[which].Key, Changed(pairs[which].Value, other, random));
                return new JsonModel.Members(random.Next(8) == 0 ? pairs[1..] : pairs);
            default:
                return other;
        }
    }
}
