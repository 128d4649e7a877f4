using System.Text;

namespace EdgeAutonomy.Agents;

/// <summary>Text as C wants it.</summary>
internal static class MosquittoText
{
    /// <summary>Returns the text in UTF-8 with a zero byte behind it.</summary>
    public static byte[] Z(string text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }
}
