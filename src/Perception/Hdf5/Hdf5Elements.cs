using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Perception;

/// <summary>The elements of a dataset or attribute, to be taken as numbers or texts.</summary>
internal sealed class Hdf5Elements
{
    private readonly Hdf5File _file;
    private readonly Hdf5Type _type;
    private readonly Filler? _filler;
    private readonly int _start; // for errors: where they lie in the file
    private readonly string _path;
    private ArraySegment<byte> _bytes;

    /// <summary>Takes elements that are put together by a method.</summary>
    public Hdf5Elements(Hdf5File file, Hdf5Type type, int count, Filler filler, int start, string path)
    {
        _file = file;
        _type = type;
        _filler = filler;
        _start = start;
        _path = path;
        Count = count;
    }

    private Hdf5Elements(Hdf5File file, Hdf5Type type, int count, ArraySegment<byte> bytes, int start, string path)
    {
        _file = file;
        _type = type;
        _bytes = bytes;
        _start = start;
        _path = path;
        Count = count;
    }

    /// <summary>Writes all elements, as the type says, to a target of zeros that has exactly their length.</summary>
    public delegate void Filler(Span<byte> target);

    public int Count { get; }

    /// <summary>Takes elements that lie in the file as they are.</summary>
    public static Hdf5Elements InFile(Hdf5File file, Hdf5Type type, int count, long address, string path)
    {
        long length = (long)type.Size * count;
        var cursor = file.Bytes.At(address, length, path, "data");
        return new Hdf5Elements(file, type, count, new ArraySegment<byte>(file.Bytes.Content, cursor.Offset, (int)length), cursor.Offset, path);
    }

    public float[] ToSingle()
    {
        if (_type is { Class: Hdf5TypeClass.Float, Size: 4, IsBigEndian: false }) return Copy<float>();
        return Convert<float>(4, i => (float)Number(i));
    }

    public double[] ToDouble()
    {
        if (_type is { Class: Hdf5TypeClass.Float, Size: 8, IsBigEndian: false }) return Copy<double>();
        return Convert<double>(8, Number);
    }

    public long[] ToInt64()
    {
        if (_type is { Class: Hdf5TypeClass.Integer, Size: 8, IsBigEndian: false, IsSigned: true }) return Copy<long>();
        return Convert<long>(8, Whole);
    }

    /// <summary>Takes unsigned bytes; negative values of a signed type are an error.</summary>
    public byte[] ToBytes()
    {
        if (_type is not { Class: Hdf5TypeClass.Integer, Size: 1 }) throw Error($"is {_type.Description}, expected are bytes");
        byte[] values = Copy<byte>();
        if (_type.IsSigned && values.AsSpan().ContainsAnyInRange((byte)128, (byte)255)) throw Error("holds a value below 0, expected are 0 to 255");
        return values;
    }

    /// <summary>Takes texts; what follows a NUL is padding.</summary>
    public string[] ToTexts()
    {
        if (_type.Class is not (Hdf5TypeClass.Text or Hdf5TypeClass.FixedText)) throw Error($"is {_type.Description}, expected is text");
        _file.Bytes.TakeMemory(8L * Count, _path, "texts");
        string[] texts = new string[Count];
        var cursor = new Hdf5Cursor(_file.Bytes, Collect(), _start, _path, "text");
        for (int i = 0; i < texts.Length; i++)
        {
            var bytes = _type.Class == Hdf5TypeClass.Text ? _file.Heap.Read(ref cursor, 1) : cursor.Take(_type.Size);
            int end = bytes.IndexOf((byte)0);
            if (end >= 0) bytes = bytes[..end];
            if (_type.Padding == 2) bytes = bytes.TrimEnd((byte)' ');
            texts[i] = new Hdf5Cursor(_file.Bytes, bytes, cursor.Offset, _path, "text").Text(bytes.Length);
        }
        return texts;
    }

    /// <summary>Takes lists of variable length.</summary>
    public double[][] ToSequences()
    {
        if (_type.Class != Hdf5TypeClass.Sequence) throw Error($"is {_type.Description}, expected are sequences");
        _file.Bytes.TakeMemory(8L * Count, _path, "sequences");
        double[][] lists = new double[Count][];
        var cursor = new Hdf5Cursor(_file.Bytes, Collect(), _start, _path, "sequence");
        var element = _type.Element!;
        for (int i = 0; i < lists.Length; i++)
        {
            var bytes = _file.Heap.Read(ref cursor, element.Size);
            _file.Bytes.TakeMemory(bytes.Length + 64, _path, "sequence");
            lists[i] = new Hdf5Elements(_file, element, bytes.Length / element.Size, bytes.ToArray(), cursor.Offset, _path).ToDouble();
        }
        return lists;
    }

    private T[] Copy<T>() where T : unmanaged
    {
        Pay(Unsafe.SizeOf<T>());
        var values = new T[Count];
        var target = MemoryMarshal.AsBytes(values.AsSpan());
        if (_filler is null) _bytes.AsSpan().CopyTo(target);
        else _filler(target);
        return values;
    }

    private T[] Convert<T>(int bytes, Func<int, T> at)
    {
        if (_type.Class is not (Hdf5TypeClass.Integer or Hdf5TypeClass.Float)) throw Error($"is {_type.Description}, expected are numbers");
        Collect();
        Pay(bytes);
        var values = new T[Count];
        for (int i = 0; i < values.Length; i++) values[i] = at(i);
        return values;
    }

    // Makes sure that _bytes are there.
    private ReadOnlySpan<byte> Collect()
    {
        if (_filler is not null && _bytes.Array is null)
        {
            Pay(_type.Size);
            byte[] bytes = new byte[_type.Size * Count];
            _filler(bytes);
            _bytes = bytes;
        }
        return _bytes;
    }

    private void Pay(int elementBytes)
    {
        long bytes = (long)elementBytes * Count;
        _file.Bytes.TakeMemory(bytes, _path, $"an array of {Count} elements of {elementBytes} bytes");
        if (bytes > Array.MaxLength) throw Error($"has {bytes} bytes, at most {Array.MaxLength} can be read");
    }

    private double Number(int index)
    {
        if (_type.Class == Hdf5TypeClass.Integer) return _type.IsSigned ? (long)Raw(index) : Raw(index);
        ulong raw = Raw(index);
        return _type.Size switch
        {
            2 => (double)BitConverter.UInt16BitsToHalf((ushort)raw),
            4 => BitConverter.UInt32BitsToSingle((uint)raw),
            _ => BitConverter.UInt64BitsToDouble(raw),
        };
    }

    private long Whole(int index)
    {
        if (_type.Class != Hdf5TypeClass.Integer) throw Error($"is {_type.Description}, expected are whole numbers");
        ulong raw = Raw(index);
        return _type.IsSigned || raw <= long.MaxValue ? (long)raw : throw Error($"element {index} is {raw}, must be at most {long.MaxValue}");
    }

    // Sign-extended to 64 bits where the type has a sign.
    private ulong Raw(int index)
    {
        var field = _bytes.AsSpan(index * _type.Size, _type.Size);
        bool signed = _type.IsSigned && _type.Class == Hdf5TypeClass.Integer;
        switch (_type.Size)
        {
            case 1:
                return signed ? (ulong)(sbyte)field[0] : field[0];
            case 2:
                ushort two = _type.IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(field) : BinaryPrimitives.ReadUInt16LittleEndian(field);
                return signed ? (ulong)(short)two : two;
            case 4:
                uint four = _type.IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(field) : BinaryPrimitives.ReadUInt32LittleEndian(field);
                return signed ? (ulong)(int)four : four;
            default:
                return _type.IsBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(field) : BinaryPrimitives.ReadUInt64LittleEndian(field);
        }
    }

    private ModelFileException Error(string sentence) => _file.Bytes.Error(_path, _start, $"it {sentence}.");
}
