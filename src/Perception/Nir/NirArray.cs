using System.Runtime.InteropServices;

namespace EdgeAutonomy.Perception;

/// <summary>Numbers with a shape, as a NIR file holds them; immutable.</summary>
/// <remarks>Row-major, the last index fastest. A shape without entries is a scalar.</remarks>
public sealed class NirArray : NirValue
{
    private readonly int[] _shape;
    private readonly Array _data;

    private NirArray(NirElement element, Array data, int[] shape)
    {
        long count = 1;
        foreach (int n in shape)
        {
            if (n < 0) throw new ArgumentOutOfRangeException(nameof(shape), $"The shape has an extent of {n}; extents are 0 or more.");
            count *= n;
        }
        if (count != data.Length) throw new ArgumentException($"The shape [{string.Join(", ", shape)}] holds {count} numbers, {data.Length} are given.", nameof(shape));
        Element = element;
        _data = data;
        _shape = shape;
    }

    /// <summary>Gets the kind of number.</summary>
    public NirElement Element { get; }

    /// <summary>Gets the extents; none for a scalar.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>Gets how many numbers there are.</summary>
    public int Count => _data.Length;

    /// <summary>Gets the bytes of the numbers, in this machine's order (little-endian).</summary>
    public ReadOnlySpan<byte> Bytes => MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(_data), _data.Length * ElementBytes);

    /// <summary>Gets the bytes of one number.</summary>
    public int ElementBytes => Element switch { NirElement.U8 => 1, NirElement.F32 => 4, _ => 8 };

    /// <summary>Makes an array; the numbers are not copied and must not change any more.</summary>
    /// <param name="data">The numbers, row-major.</param>
    /// <param name="shape">The extents; none for a scalar.</param>
    /// <exception cref="ArgumentException">The shape holds another count of numbers.</exception>
    public static NirArray Of(float[] data, params int[] shape) => new(NirElement.F32, data, shape);

    /// <inheritdoc cref="Of(float[], int[])"/>
    public static NirArray Of(double[] data, params int[] shape) => new(NirElement.F64, data, shape);

    /// <inheritdoc cref="Of(float[], int[])"/>
    public static NirArray Of(long[] data, params int[] shape) => new(NirElement.I64, data, shape);

    /// <inheritdoc cref="Of(float[], int[])"/>
    public static NirArray Of(byte[] data, params int[] shape) => new(NirElement.U8, data, shape);

    /// <summary>Makes a scalar.</summary>
    public static NirArray Scalar(double value) => Of([value]);

    /// <summary>Makes a whole scalar.</summary>
    public static NirArray Scalar(long value) => Of([value]);

    /// <summary>Makes a vector of whole numbers, such as a shape.</summary>
    public static NirArray Vector(params long[] values) => Of(values, values.Length);

    /// <summary>Returns the numbers as float64; whole numbers beyond 2⁵³ lose bits.</summary>
    public double[] ToDouble() => Element switch
    {
        NirElement.F32 => Array.ConvertAll((float[])_data, v => (double)v),
        NirElement.F64 => (double[])((double[])_data).Clone(),
        NirElement.I64 => Array.ConvertAll((long[])_data, v => (double)v),
        _ => Array.ConvertAll((byte[])_data, v => (double)v),
    };

    /// <summary>Returns the numbers as float32, float64 rounded to the nearest.</summary>
    public float[] ToSingle() => Element == NirElement.F32 ? (float[])((float[])_data).Clone() : Array.ConvertAll(ToDouble(), v => (float)v);

    /// <summary>Returns whole numbers.</summary>
    /// <exception cref="InvalidDataException">A number is not whole or too large.</exception>
    public int[] ToInt32() => Array.ConvertAll(ToDouble(), v =>
        v == Math.Floor(v) && Math.Abs(v) <= int.MaxValue ? (int)v : throw new InvalidDataException($"{v} is not a whole number of 32 bits"));

    /// <inheritdoc/>
    public override bool Equals(NirValue? other) => other is NirArray a && a.Element == Element && a.Shape.SequenceEqual(Shape) && a.Bytes.SequenceEqual(Bytes);

    /// <inheritdoc/>
    public override int GetHashCode() => ((int)Element << 24) ^ Count;

    /// <inheritdoc/>
    public override string ToString() => $"{Element}[{string.Join(", ", _shape)}]";
}
