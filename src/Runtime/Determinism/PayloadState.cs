using System.Buffers;
using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Runtime;

/// <summary>Writes and reads a payload's whole content, whatever kind of payload it is: a reusable object or a plain struct.</summary>
/// <remarks>Objects must be <see cref="IFreezable"/>; structs without references go as their bytes. Allocation-free; any thread that owns the payload.</remarks>
public static class PayloadState
{
    /// <summary>Tells whether payloads of a type can be written: what cannot is neither recorded nor part of a keyframe.</summary>
    /// <typeparam name="T">The payload.</typeparam>
    public static bool CanFreeze<T>() => typeof(IFreezable).IsAssignableFrom(typeof(T)) || !RuntimeHelpers.IsReferenceOrContainsReferences<T>();

    /// <summary>Writes a payload; nothing when it cannot be written.</summary>
    /// <typeparam name="T">The payload.</typeparam>
    public static void Freeze<T>(in T payload, IBufferWriter<byte> writer)
    {
        // The struct path first: for a value type the JIT drops the other one, and with it the boxing.
        if (!RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            int size = Unsafe.SizeOf<T>();
            Unsafe.WriteUnaligned(ref writer.GetSpan(size)[0], payload);
            writer.Advance(size);
        }
        else if (payload is IFreezable part) part.Freeze(writer);
    }

    /// <summary>Reads back what <see cref="Freeze"/> wrote.</summary>
    /// <typeparam name="T">The payload.</typeparam>
    /// <exception cref="InvalidDataException">The bytes are not such a payload's.</exception>
    public static void Thaw<T>(ref T payload, ReadOnlySpan<byte> state)
    {
        if (!RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            int size = Unsafe.SizeOf<T>();
            if (state.Length != size) throw new InvalidDataException($"{typeof(T).Name}: frozen state has {state.Length} bytes, must be {size}; it was written by another version.");
            payload = Unsafe.ReadUnaligned<T>(in state[0]);
        }
        else if (payload is IFreezable part) part.Thaw(state);
    }
}
