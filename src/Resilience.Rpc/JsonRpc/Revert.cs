using System.Text;

namespace Resilience.Rpc;

/// <summary>Finds what a contract gave when it reverted: hexadecimal, alone or after a word, as in "Reverted 0x08c379a0".</summary>
internal static class Revert
{
    /// <summary>The data in lower case; null if the text does not end in it, or if it is longer than <paramref name="most"/> bytes.</summary>
    internal static string? In(ReadOnlySpan<byte> text, int most)
    {
        var start = text.LastIndexOf("0x"u8);
        if (start < 0 || text.Length - start > most || (start > 0 && text[start - 1] != ' '))
        {
            return null;
        }

        var data = text[start..];
        var form = new byte[data.Length];
        return HexForm.Write(data, isQuantity: false, form) == 0 ? null : Encoding.ASCII.GetString(form);
    }
}
