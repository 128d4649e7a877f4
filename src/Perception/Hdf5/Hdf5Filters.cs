using System.Buffers.Binary;
using System.IO.Compression;

namespace EdgeAutonomy.Perception;

/// <summary>Undoes what was done to a chunk before it was stored: deflate, shuffle, fletcher32 (HDF5 format specification, IV.A.2.l).</summary>
internal sealed class Hdf5Filters
{
    private const int Deflate = 1, Shuffle = 2, Checksum = 3, ChecksumBytes = 4;
    private readonly List<(int Id, int Value)> _filters = [];

    /// <summary>Gets whether there is nothing to undo.</summary>
    public bool IsEmpty => _filters.Count == 0;

    /// <summary>Gets whether undoing them needs a buffer to write to while another is read.</summary>
    public bool NeedsTwo => _filters.Count(f => f.Id != Checksum) > 1;

    public static Hdf5Filters Read(ref Hdf5Cursor cursor)
    {
        var pipeline = new Hdf5Filters();
        int version = cursor.U8(), count = cursor.U8();
        if (version is not (1 or 2)) throw cursor.Error($"its version is {version}, must be 1 or 2");
        if (count > 32) throw cursor.Error($"{count} filters are listed, at most 32 can be");
        if (version == 1) cursor.Skip(6);
        for (int i = 0; i < count; i++)
        {
            int id = cursor.U16(), nameBytes = version == 1 || id >= 256 ? cursor.U16() : 0;
            cursor.Skip(2);
            int values = cursor.U16();
            cursor.Skip(version == 1 ? (nameBytes + 7) & ~7 : nameBytes);
            uint first = 0;
            for (int k = 0; k < values; k++)
            {
                uint value = cursor.U32();
                if (k == 0) first = value;
            }
            if (version == 1 && (values & 1) == 1) cursor.Skip(4);
            if (id is not (Deflate or Shuffle or Checksum)) throw cursor.Error($"filter {id} is not supported; write the file with gzip, shuffle and fletcher32 only");
            if (pipeline._filters.Exists(f => f.Id == id)) throw cursor.Error($"filter {id} is listed twice");
            if (id == Shuffle && first is 0 or > int.MaxValue) throw cursor.Error($"shuffle works on elements of {first} bytes, must be 1 or more");
            pipeline._filters.Add((id, (int)Math.Min(first, int.MaxValue)));
        }
        return pipeline;
    }

    /// <summary>Returns the bytes that each buffer of <see cref="Undo"/> must have.</summary>
    public static long BufferBytes(long chunkBytes) => chunkBytes + ChecksumBytes;

    /// <summary>Undoes all filters that the mask does not exclude.</summary>
    /// <param name="file">The file.</param>
    /// <param name="start">Where the stored bytes begin in <see cref="Hdf5Bytes.Content"/>.</param>
    /// <param name="length">How many are stored.</param>
    /// <param name="mask">Bit i set: filter i was left out.</param>
    /// <param name="chunkBytes">How many bytes must come out.</param>
    /// <param name="one">A buffer.</param>
    /// <param name="other">Another one, if <see cref="NeedsTwo"/>.</param>
    /// <param name="place">For errors.</param>
    public ReadOnlySpan<byte> Undo(Hdf5Bytes file, int start, int length, uint mask, int chunkBytes, byte[] one, byte[] other, in Hdf5Cursor place)
    {
        // Known from the front: a checksum adds 4 bytes, shuffle none, and what deflate makes of it is its own affair.
        int expected = chunkBytes;
        for (int i = 0; i < _filters.Count; i++)
        {
            if (_filters[i].Id == Checksum && (mask >> i & 1) == 0) expected += ChecksumBytes;
            if (_filters[i].Id == Deflate) break;
        }
        var data = new ArraySegment<byte>(file.Content, start, length);
        byte[] target = one, spare = other;
        for (int i = _filters.Count - 1; i >= 0; i--)
        {
            if ((mask >> i & 1) != 0) continue;
            var (id, value) = _filters[i];
            if (id == Checksum)
            {
                data = DropChecksum(data, place);
                continue;
            }
            data = id == Deflate ? Inflate(data, new ArraySegment<byte>(target, 0, expected), place) : Unshuffle(data, target, value, place);
            (target, spare) = (spare, target);
        }
        if (data.Count != chunkBytes) throw place.Error($"the chunk has {data.Count} bytes after its filters are undone, must have {chunkBytes}");
        return data;
    }

    private static ArraySegment<byte> DropChecksum(ArraySegment<byte> data, in Hdf5Cursor place)
    {
        if (data.Count < ChecksumBytes) throw place.Error($"a chunk of {data.Count} bytes has no room for its checksum");
        var content = data[..^ChecksumBytes];
        uint stored = BinaryPrimitives.ReadUInt32LittleEndian(data[^ChecksumBytes..]);
        if (!Fletcher32.Matches(stored, content)) throw place.Error($"the chunk's checksum is 0x{stored:X8}, the content gives 0x{Fletcher32.Of(content):X8}; the file is damaged");
        return content;
    }

    private static ArraySegment<byte> Inflate(ArraySegment<byte> data, ArraySegment<byte> target, in Hdf5Cursor place)
    {
        int total = 0;
        bool more;
        try
        {
            using var stream = new ZLibStream(new MemoryStream(data.Array!, data.Offset, data.Count, writable: false), CompressionMode.Decompress);
            while (total < target.Count)
            {
                int count = stream.Read(target[total..]);
                if (count <= 0) break;
                total += count;
            }
            more = total == target.Count && stream.ReadByte() >= 0;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw place.File.Error(place.Path, place.Offset, $"chunk at byte {place.Offset}: {data.Count} bytes cannot be decompressed ({e.Message}); the file is damaged.", e);
        }
        if (more || total != target.Count) throw place.Error($"{data.Count} compressed bytes give {(more ? "more than " : "")}{total} bytes, must give {target.Count}");
        return target;
    }

    private static ArraySegment<byte> Unshuffle(ArraySegment<byte> data, byte[] target, int elementBytes, in Hdf5Cursor place)
    {
        if (data.Count > target.Length) throw place.Error($"a shuffled chunk has {data.Count} bytes, must have {target.Length} at most");
        ReadOnlySpan<byte> source = data;
        int count = source.Length / elementBytes;
        for (int b = 0; b < elementBytes && count > 0; b++)
        {
            var plane = source.Slice(b * count, count);
            for (int i = 0; i < plane.Length; i++) target[i * elementBytes + b] = plane[i];
        }
        source[(count * elementBytes)..].CopyTo(target.AsSpan(count * elementBytes));
        return new ArraySegment<byte>(target, 0, data.Count);
    }
}
