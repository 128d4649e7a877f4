using System.Buffers;

namespace EdgeAutonomy.Runtime;

/// <summary>State that goes into a keyframe and comes back from it.</summary>
public interface IFreezable
{
    /// <summary>Writes the whole state, little-endian.</summary>
    void Freeze(IBufferWriter<byte> writer);

    /// <summary>Replaces the whole state by what <see cref="Freeze"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not what this object writes.</exception>
    void Thaw(ReadOnlySpan<byte> state);
}
