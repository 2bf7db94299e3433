using System.Net.Http.Json;

namespace Resilience.Http;

/// <summary>Whether a content can be written more than once with the same bytes, by what its type promises.</summary>
internal static class ReplayableContent
{
    /// <summary>
    /// True for contents made of bytes, memory or a value, for a stream that can seek, and for a multipart of such. Others are asked about.
    /// </summary>
    internal static bool Is(HttpContent content, Func<HttpContent, bool> otherwise) => content switch
    {
        ByteArrayContent or ReadOnlyMemoryContent or JsonContent => true,

        // A stream content hides its stream, but not whether it can seek; looking moves nothing.
        StreamContent => content.ReadAsStream().CanSeek,
        MultipartContent parts => All(parts, otherwise),
        _ => otherwise(content),
    };

    private static bool All(MultipartContent parts, Func<HttpContent, bool> otherwise)
    {
        foreach (var part in parts)
        {
            if (!Is(part, otherwise))
            {
                return false;
            }
        }

        return true;
    }
}
