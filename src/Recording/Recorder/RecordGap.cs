using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>Cycle records that a recording does not have, because the recorder could not keep up.</summary>
/// <param name="First">The first missing cycle.</param>
/// <param name="Last">The last missing cycle.</param>
/// <param name="Tag">Logical time of the last missing cycle.</param>
public readonly record struct RecordGap(ulong First, ulong Last, long Tag)
{
    /// <summary>Bytes of a gap in a file.</summary>
    public const int Bytes = 24;

    internal void Write(CycleBuffer buffer)
    {
        var writer = new StateWriter(buffer);
        writer.Write(First);
        writer.Write(Last);
        writer.Write(Tag);
    }

    /// <summary>Reads a gap.</summary>
    /// <exception cref="InvalidDataException">The bytes are no gap.</exception>
    public static RecordGap Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes, "Gap");
        var gap = new RecordGap(reader.Read<ulong>(), reader.Read<ulong>(), reader.Read<long>());
        reader.End();
        return gap;
    }
}
