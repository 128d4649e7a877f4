using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>Writes the state of a part into that of the whole, with its length in front.</summary>
internal static class StatePart
{
    /// <summary>Writes a part; <see cref="StateReader.ReadBytes"/> gives it back.</summary>
    public static void Write(in StateWriter w, IFreezable part)
    {
        var bytes = new ArrayBufferWriter<byte>();
        part.Freeze(bytes);
        w.WriteSpan(bytes.WrittenSpan);
    }
}
