using System.Numerics;

namespace EdgeAutonomy.Perception;

/// <summary>Finds objects in a fractal heap, where groups and headers keep what is too much for messages (HDF5 format specification, III.G).</summary>
internal sealed class FractalHeap
{
    private const int MaxDepth = 32;
    private const long MaxBlockBytes = 1L << 40;
    private readonly Hdf5Bytes _file;
    private readonly string _path;
    private readonly long _address, _root, _startBytes;
    private readonly int _width, _startLog, _directRows, _rootRows, _offsetWidth, _lengthWidth;
    private readonly bool _hasChecksums;
    private readonly HashSet<long> _verified = [];

    public FractalHeap(Hdf5Bytes file, long address, string path)
    {
        _file = file;
        _address = address;
        _path = path;
        var header = file.At(address, path, "fractal heap");
        header.Expect("FRHP"u8);
        header.ExpectVersion(0);
        IdBytes = header.U16();
        int filters = header.U16();
        if (filters != 0) throw header.Error("it is filtered, which is not supported; write the file again without filters on groups");
        _hasChecksums = (header.U8() & 2) != 0;
        long maxManaged = header.U32();
        header.Skip(12 * 8);
        _width = header.U16();
        _startBytes = header.Size();
        long maxDirect = header.Size();
        int maxBits = header.U16();
        header.Skip(2);
        _root = header.Address();
        _rootRows = header.U16();
        header.ExpectChecksum();
        if (!IsPowerOfTwo(_width) || !IsPowerOfTwo(_startBytes) || !IsPowerOfTwo(maxDirect) || maxDirect < _startBytes || maxDirect > 1L << 32 || maxBits is < 1 or > 62)
        {
            throw header.Error($"its table of {_width} blocks a row from {_startBytes} to {maxDirect} bytes in a space of {maxBits} bits is none: all must be powers of two, in ascending order");
        }
        _startLog = BitOperations.Log2((ulong)_startBytes);
        int maxDirectLog = BitOperations.Log2((ulong)maxDirect);
        _directRows = maxDirectLog - _startLog + 2;
        _offsetWidth = (maxBits + 7) / 8;
        _lengthWidth = Math.Min((maxDirectLog + 7) / 8, BitOperations.Log2((ulong)Math.Max(maxManaged, 1)) / 8 + 1);
        if (_rootRows > maxBits) throw header.Error($"its root has {_rootRows} rows, more than a space of {maxBits} bits needs");
        if (IdBytes < 1 + _offsetWidth + _lengthWidth) throw header.Error($"its identifiers have {IdBytes} bytes, an offset of {_offsetWidth} and a length of {_lengthWidth} do not fit");
    }

    /// <summary>Gets the bytes of an object's identifier.</summary>
    public int IdBytes { get; }

    /// <summary>Opens the object whose identifier the cursor stands on.</summary>
    public Hdf5Cursor Open(ref Hdf5Cursor id, string what)
    {
        var field = id.Part(IdBytes);
        int flags = field.U8();
        if (flags >> 4 != 0) throw field.Error(((flags >> 4) & 3) switch
        {
            1 => "the object is stored outside its heap because it is too large, which is not supported; make the attribute smaller",
            2 => "the object is stored inside its identifier, which is not supported",
            _ => $"the identifier of a heap object has the unknown flags 0x{flags:X2}",
        });
        long offset = field.Size(_offsetWidth), length = field.Size(_lengthWidth);
        var (block, start, size) = _rootRows == 0 ? (_root, 0L, _startBytes) : Locate(ref field, _root, 0, _rootRows, offset, 0);
        CheckDirect(block, start, size);
        // The offset counts the block's own header.
        long inside = offset - start;
        if (inside + length > size) throw field.Error($"the object at heap offset {offset} with {length} bytes does not fit its block of {size} bytes");
        _file.TakeWork(length, _path, what);
        return _file.At(block + inside, length, _path, what);
    }

    private (long Block, long Start, long Size) Locate(ref Hdf5Cursor id, long block, long start, int rows, long offset, int depth)
    {
        if (depth > MaxDepth) throw id.Error($"the heap's blocks are nested deeper than {MaxDepth}");
        var cursor = _file.At(block, _path, "fractal heap indirect block");
        cursor.Expect("FHIB"u8);
        cursor.ExpectVersion(0);
        Identify(ref cursor, start);
        var children = cursor;
        cursor.Skip(8L * rows * _width);
        if (_verified.Add(block))
        {
            _file.TakeMemory(40, _path, "fractal heap");
            cursor.ExpectChecksum();
        }
        long rowStart = start, size = _startBytes;
        for (int row = 0; row < rows; row++)
        {
            if (row > 1) size *= 2; // the first two rows have the same size
            if (size > MaxBlockBytes) break; // before anything overflows
            long rowBytes = size * _width;
            if (offset >= rowStart + rowBytes)
            {
                rowStart += rowBytes;
                continue;
            }
            int column = (int)((offset - rowStart) / size);
            long childStart = rowStart + column * size;
            children.Skip(8L * (row * _width + column));
            long child = children.Address();
            if (row < _directRows) return (child, childStart, size);
            int childRows = BitOperations.Log2((ulong)size) - BitOperations.Log2((ulong)(_startBytes * _width)) + 1;
            return Locate(ref id, child, childStart, childRows, offset, depth + 1);
        }
        throw id.Error($"heap offset {offset} is behind the last of {rows} rows of blocks");
    }

    private void CheckDirect(long address, long start, long size)
    {
        if (_verified.Contains(address)) return;
        var block = _file.At(address, size, _path, "fractal heap direct block");
        block.Expect("FHDB"u8);
        block.ExpectVersion(0);
        Identify(ref block, start);
        if (_hasChecksums)
        {
            // The checksum lies inside what it covers, and counts as zero there.
            int at = block.Position;
            _file.TakeWork(size, _path, "fractal heap");
            _file.TakeMemory(size, _path, "fractal heap");
            var copy = _file.At(address, size, _path, "fractal heap").Take(size).ToArray();
            uint stored = block.U32();
            copy.AsSpan(at, 4).Clear();
            uint computed = Lookup3.Of(copy);
            if (computed != stored) throw block.Error($"its checksum is 0x{stored:X8}, the content gives 0x{computed:X8}; the file is damaged");
        }
        _verified.Add(address);
    }

    private void Identify(ref Hdf5Cursor block, long start)
    {
        long heap = block.Address(), offset = block.Size(_offsetWidth);
        if (heap != _address || offset != start) throw block.Error($"it is block {offset} of the heap at address {heap}, expected is block {start} of the heap at {_address}");
    }

    private static bool IsPowerOfTwo(long value) => value > 0 && (value & (value - 1)) == 0;
}
