using System.Runtime.InteropServices;

namespace EdgeAutonomy.Runtime;

/// <summary>Constant numbers of an ONNX graph, with a name and a shape; immutable.</summary>
/// <remarks>Row-major, the last index fastest. A shape without entries is a scalar. The bytes are little-endian, as in the file.</remarks>
public sealed class OnnxTensor
{
    private readonly long[] _shape;
    private readonly byte[] _bytes;

    internal OnnxTensor(string name, OnnxElement element, long[] shape, byte[] bytes)
    {
        Name = name;
        Element = element;
        _shape = shape;
        _bytes = bytes;
    }

    /// <summary>Gets the name; empty for the value of an attribute.</summary>
    public string Name { get; }

    /// <summary>Gets the kind of number.</summary>
    public OnnxElement Element { get; }

    /// <summary>Gets the extents; none for a scalar.</summary>
    public ReadOnlySpan<long> Shape => _shape;

    /// <summary>Gets the numbers as the file holds them.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Gets how many numbers there are.</summary>
    public int Count => Element switch { OnnxElement.Undefined => 0, _ => _bytes.Length / Size(Element) };

    /// <summary>Gets the numbers of a float32 tensor.</summary>
    /// <exception cref="InvalidDataException">The tensor holds other numbers.</exception>
    public ReadOnlySpan<float> Singles => Element == OnnxElement.F32 ? MemoryMarshal.Cast<byte, float>(_bytes) : throw Wrong(OnnxElement.F32);

    /// <summary>Gets the numbers of an int64 tensor.</summary>
    /// <exception cref="InvalidDataException">The tensor holds other numbers.</exception>
    public ReadOnlySpan<long> Int64s => Element == OnnxElement.I64 ? MemoryMarshal.Cast<byte, long>(_bytes) : throw Wrong(OnnxElement.I64);

    /// <summary>Makes a float32 tensor; the numbers are copied.</summary>
    /// <param name="name">The name.</param>
    /// <param name="values">The numbers, row-major.</param>
    /// <param name="shape">The extents; none for a scalar.</param>
    /// <exception cref="ArgumentException">The shape holds another count of numbers.</exception>
    public static OnnxTensor Of(string name, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) => Make(name, OnnxElement.F32, MemoryMarshal.AsBytes(values), shape);

    /// <summary>Makes an int64 tensor; the numbers are copied.</summary>
    /// <param name="name">The name.</param>
    /// <param name="values">The numbers, row-major.</param>
    /// <param name="shape">The extents; none for a scalar.</param>
    /// <exception cref="ArgumentException">The shape holds another count of numbers.</exception>
    public static OnnxTensor Of(string name, ReadOnlySpan<long> values, params ReadOnlySpan<long> shape) => Make(name, OnnxElement.I64, MemoryMarshal.AsBytes(values), shape);

    /// <summary>Returns "name: F32[2, 3]".</summary>
    public override string ToString() => $"{Name}: {Element}[{string.Join(", ", _shape)}]";

    internal OnnxTensor Named(string name) => new(name, Element, _shape, _bytes);

    /// <summary>Gets the bytes of one number; 0 for kinds that are not of whole bytes or not known.</summary>
    internal static int Size(OnnxElement element) => (int)element switch
    {
        2 or 3 or 9 => 1,           // uint8, int8, bool
        4 or 5 or 10 or 16 => 2,    // uint16, int16, float16, bfloat16
        1 or 6 or 12 => 4,          // float, int32, uint32
        7 or 11 or 13 or 14 => 8,   // int64, double, uint64, complex64
        15 => 16,                   // complex128
        _ => 0,
    };

    /// <summary>Counts the numbers of a shape; -1 when an extent is negative or the count goes beyond 2^31.</summary>
    internal static long CountOf(ReadOnlySpan<long> shape)
    {
        long count = 1;
        bool empty = false;
        foreach (long n in shape)
        {
            if (n is < 0 or > int.MaxValue) return -1;
            empty |= n == 0;
            count = Math.Min(count * Math.Max(n, 1), 1L << 31);
        }
        return empty ? 0 : count > int.MaxValue ? -1 : count;
    }

    private static OnnxTensor Make(string name, OnnxElement element, ReadOnlySpan<byte> bytes, ReadOnlySpan<long> shape)
    {
        ArgumentNullException.ThrowIfNull(name);
        long count = CountOf(shape), given = bytes.Length / Size(element);
        if (count != given) throw new ArgumentException($"Tensor '{name}': the shape [{string.Join(", ", shape.ToArray())}] holds {count} numbers, {given} are given.", nameof(shape));
        return new OnnxTensor(name, element, shape.ToArray(), bytes.ToArray());
    }

    private InvalidDataException Wrong(OnnxElement wanted) => new($"Tensor '{Name}' holds {Element}, {wanted} is needed there.");
}
