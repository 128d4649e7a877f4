using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace EdgeAutonomy.Perception;

/// <summary>Takes fields from a structure in an HDF5 file, front to back; a field that does not fit is a <see cref="ModelFileException"/>.</summary>
internal ref struct Hdf5Cursor(Hdf5Bytes file, ReadOnlySpan<byte> bytes, int start, string path, string what)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public readonly Hdf5Bytes File => file;

    public readonly string Path => path;

    public int Position { get; private set; }

    public readonly int Left => _bytes.Length - Position;

    /// <summary>Gets where in the file the cursor stands.</summary>
    public readonly int Offset => start + Position;

    public byte U8() => Take(1)[0];

    public ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>Takes a whole number of 1 to 8 bytes.</summary>
    public ulong UInt(int width)
    {
        var field = Take(width);
        ulong value = 0;
        for (int i = width - 1; i >= 0; i--) value = (value << 8) | field[i];
        return value;
    }

    /// <summary>Takes a length or a heap offset: a number that fits a file.</summary>
    public long Size(int width = 8)
    {
        ulong value = UInt(width);
        return value <= long.MaxValue ? (long)value : throw Error($"the size or offset {value} is larger than any file");
    }

    /// <summary>Takes an address; -1 where it is undefined.</summary>
    public long Address()
    {
        ulong value = U64();
        return value == ulong.MaxValue ? -1 : value <= long.MaxValue ? (long)value : throw Error($"the address {value} is larger than any file");
    }

    public ReadOnlySpan<byte> Take(long count)
    {
        if ((ulong)count > (ulong)Left) throw Error($"a field of {count} bytes stands where {Left} are left");
        var field = _bytes.Slice(Position, (int)count);
        Position += (int)count;
        return field;
    }

    public void Skip(long count) => Take(count);

    /// <summary>Returns a cursor on the next bytes, and steps over them.</summary>
    public Hdf5Cursor Part(long count)
    {
        int from = Offset;
        return new Hdf5Cursor(file, Take(count), from, path, what);
    }

    /// <summary>Takes the rest as another structure.</summary>
    public readonly Hdf5Cursor As(string structure) => new(file, _bytes[Position..], Offset, path, structure);

    public void Expect(ReadOnlySpan<byte> signature)
    {
        var found = Take(signature.Length);
        if (found.SequenceEqual(signature)) return;
        Position -= signature.Length;
        throw Error($"it must begin with '{Encoding.ASCII.GetString(signature)}', here stands {Convert.ToHexString(found)}");
    }

    public void ExpectVersion(int version)
    {
        int found = U8();
        if (found != version) throw Error($"its version is {found}, must be {version}");
    }

    /// <summary>Takes a checksum over all that stands before it.</summary>
    public void ExpectChecksum()
    {
        file.TakeWork(Position, path, what);
        uint computed = Lookup3.Of(_bytes[..Position]), stored = U32();
        if (computed != stored) throw Error($"its checksum is 0x{stored:X8}, the content gives 0x{computed:X8}; the file is damaged");
    }

    /// <summary>Takes a text of so many bytes.</summary>
    public string Text(long count)
    {
        var bytes = Take(count);
        file.TakeMemory(2 * count + 32, path, what);
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw Error($"the text of {count} bytes is not UTF-8");
    }

    /// <summary>Makes the error that a sentence tells; the place is added.</summary>
    public readonly ModelFileException Error(string sentence) => file.Error(path, Offset, $"{what} at byte {Offset}: {sentence}.");
}
