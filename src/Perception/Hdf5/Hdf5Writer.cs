using System.Buffers.Binary;
using System.Text;

namespace EdgeAutonomy.Perception;

/// <summary>Writes an HDF5 file of the oldest format, bottom up: arrays, texts, then the groups that name them; the last group is the root.</summary>
/// <remarks>Superblock 0, version 1 headers, symbol tables, contiguous data, texts of variable length in the global heap. Equal calls give equal bytes.</remarks>
internal sealed class Hdf5Writer
{
    // The library's defaults: 8 names in a symbol table node, 32 children in a B-tree node.
    private const int LeafK = 4, InternalK = 16, EntryBytes = 40, TreeNodeBytes = 24 + (2 * InternalK + 1) * 8 + 2 * InternalK * 8;
    private const int SuperblockBytes = 96;
    private readonly Hdf5Output _output = new();
    private readonly GlobalHeapWriter _heap;

    public Hdf5Writer()
    {
        _output.Reserve(SuperblockBytes);
        _heap = new GlobalHeapWriter(_output);
    }

    /// <summary>Writes numbers; returns the address of the dataset.</summary>
    public long Array(NirArray array)
    {
        long data = -1;
        if (array.Count > 0)
        {
            data = _output.Reserve(array.Bytes.Length);
            array.Bytes.CopyTo(_output.At(data, array.Bytes.Length));
        }
        return Dataset(TypeOf(array.Element), array.Shape, data, array.Bytes.Length);
    }

    /// <summary>Writes texts; returns the address of the dataset.</summary>
    public long Texts(ReadOnlySpan<string> texts, params ReadOnlySpan<int> shape)
    {
        long data = -1;
        if (texts.Length > 0)
        {
            data = _output.Reserve(texts.Length * GlobalHeap.ReferenceBytes);
            for (int i = 0; i < texts.Length; i++)
            {
                byte[] bytes = Encoding.UTF8.GetBytes(texts[i]);
                var (collection, number) = bytes.Length == 0 ? (0, 0) : _heap.Add(bytes);
                var reference = _output.At(data + i * GlobalHeap.ReferenceBytes, GlobalHeap.ReferenceBytes);
                BinaryPrimitives.WriteInt32LittleEndian(reference, bytes.Length);
                BinaryPrimitives.WriteInt64LittleEndian(reference[4..], collection);
                BinaryPrimitives.WriteInt32LittleEndian(reference[12..], number);
            }
        }
        return Dataset(TextType, shape, data, texts.Length * GlobalHeap.ReferenceBytes);
    }

    /// <summary>Writes a group; returns the address of its header.</summary>
    /// <param name="entries">Names and the addresses of what they stand for, in any order.</param>
    public long Group(IEnumerable<KeyValuePair<string, long>> entries) => WriteGroup(entries).Header;

    /// <summary>Writes the root group and the superblock; returns the whole file.</summary>
    public byte[] Finish(IEnumerable<KeyValuePair<string, long>> entries)
    {
        var (header, tree, heap) = WriteGroup(entries);
        _heap.Close();
        var block = new Hdf5Fields(_output.At(0, SuperblockBytes));
        block.Bytes(Hdf5Superblock.Signature);
        block.Bytes([0, 0, 0, 0, 0, 8, 8, 0]);
        block.U16(LeafK);
        block.U16(InternalK);
        block.U32(0);
        block.I64(0);
        block.I64(-1);
        block.I64(_output.Length);
        block.I64(-1);
        block.I64(0); // the root has no name
        block.I64(header);
        block.U32(1);
        block.U32(0);
        block.I64(tree);
        block.I64(heap);
        return _output.ToArray();
    }

    private (long Header, long Tree, long Heap) WriteGroup(IEnumerable<KeyValuePair<string, long>> entries)
    {
        var sorted = entries.Select(e => (Name: Encoding.UTF8.GetBytes(e.Key), Address: e.Value)).ToList();
        sorted.Sort((a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name)); // readers search by bytes
        long heap = WriteNames(sorted, out long[] offsets), tree = WriteTree(sorted, offsets);
        long header = _output.Reserve(16 + 8 + 16);
        var fields = new Hdf5Fields(_output.At(header, 40));
        fields.Header(1, 24);
        fields.Message(MessageType.SymbolTable, 16);
        fields.I64(tree);
        fields.I64(heap);
        return (header, tree, heap);
    }

    private long WriteNames(List<(byte[] Name, long Address)> sorted, out long[] offsets)
    {
        offsets = new long[sorted.Count];
        int size = 8; // the empty name at offset 0, before all others
        for (int i = 0; i < offsets.Length; i++)
        {
            offsets[i] = size;
            size += (sorted[i].Name.Length + 1 + 7) & ~7;
        }
        long segment = _output.Reserve(size), heap = _output.Reserve(32);
        for (int i = 0; i < offsets.Length; i++) sorted[i].Name.CopyTo(_output.At(segment + offsets[i], sorted[i].Name.Length));
        var fields = new Hdf5Fields(_output.At(heap, 32));
        fields.Bytes("HEAP"u8);
        fields.U32(0);
        fields.I64(size);
        fields.I64(1); // no free space
        fields.I64(segment);
        return heap;
    }

    private long WriteTree(List<(byte[] Name, long Address)> sorted, long[] offsets)
    {
        // Each level is a list of children with the last name below each.
        var level = new List<(long Address, long LastName)>();
        for (int from = 0; from < sorted.Count; from += 2 * LeafK)
        {
            int count = Math.Min(2 * LeafK, sorted.Count - from);
            long node = _output.Reserve(8 + 2 * LeafK * EntryBytes);
            var fields = new Hdf5Fields(_output.At(node, 8 + count * EntryBytes));
            fields.Bytes("SNOD"u8);
            fields.Bytes([1, 0]);
            fields.U16(count);
            for (int i = from; i < from + count; i++)
            {
                fields.I64(offsets[i]);
                fields.I64(sorted[i].Address);
                fields.Skip(24); // nothing cached
            }
            level.Add((node, offsets[from + count - 1]));
        }
        for (int height = 0; ; height++)
        {
            level = WriteTreeLevel(level, height);
            if (level.Count == 1) return level[0].Address;
        }
    }

    private List<(long Address, long LastName)> WriteTreeLevel(List<(long Address, long LastName)> children, int height)
    {
        const int Most = 2 * InternalK;
        int nodes = Math.Max(1, (children.Count + Most - 1) / Most);
        long first = _output.Reserve(nodes * TreeNodeBytes);
        var level = new List<(long, long)>();
        for (int n = 0; n < nodes; n++)
        {
            long address = first + n * TreeNodeBytes;
            int from = n * Most, count = Math.Min(Most, children.Count - from);
            var fields = new Hdf5Fields(_output.At(address, TreeNodeBytes));
            fields.Bytes("TREE"u8);
            fields.Bytes([0, (byte)height]);
            fields.U16(count);
            fields.I64(n == 0 ? -1 : address - TreeNodeBytes);
            fields.I64(n == nodes - 1 ? -1 : address + TreeNodeBytes);
            fields.I64(from == 0 ? 0 : children[from - 1].LastName);
            for (int i = from; i < from + count; i++)
            {
                fields.I64(children[i].Address);
                fields.I64(children[i].LastName);
            }
            level.Add((address, count == 0 ? 0 : children[from + count - 1].LastName));
        }
        return level;
    }

    private long Dataset(ReadOnlySpan<byte> type, ReadOnlySpan<int> shape, long data, int dataBytes)
    {
        int spaceBytes = 8 + 8 * shape.Length, typeBytes = (type.Length + 7) & ~7, messages = (8 + spaceBytes) + (8 + typeBytes) + (8 + 8) + (8 + 24);
        long header = _output.Reserve(16 + messages);
        var fields = new Hdf5Fields(_output.At(header, 16 + messages));
        fields.Header(4, messages);
        fields.Message(MessageType.Dataspace, spaceBytes);
        fields.Bytes([1, (byte)shape.Length, 0, 0, 0, 0, 0, 0]);
        foreach (int extent in shape) fields.I64(extent);
        fields.Message(MessageType.Datatype, typeBytes);
        fields.Bytes(type);
        fields.Skip(typeBytes - type.Length);
        fields.Message(MessageType.FillValue, 8);
        fields.Bytes([2, 2, 2, 1, 0, 0, 0, 0]); // space when it is needed, the default value of no bytes
        fields.Message(MessageType.Layout, 24);
        fields.Bytes([3, 1]);
        fields.I64(data);
        fields.I64(dataBytes);
        fields.Skip(6);
        return header;
    }

    // Class and version, three bytes of bits, size; then for numbers the bit offset and precision, and for floats the layout of IEEE 754.
    private static ReadOnlySpan<byte> TypeOf(NirElement element) => element switch
    {
        NirElement.F32 => [0x11, 0x20, 0x1F, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0],
        NirElement.F64 => [0x11, 0x20, 0x3F, 0, 8, 0, 0, 0, 0, 0, 64, 0, 52, 11, 0, 52, 0xFF, 0x03, 0, 0],
        NirElement.I64 => [0x10, 0x08, 0, 0, 8, 0, 0, 0, 0, 0, 64, 0],
        _ => [0x10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0],
    };

    // Variable length, a NUL-terminated UTF-8 text, of bytes.
    private static ReadOnlySpan<byte> TextType => [0x19, 0x01, 0x01, 0, 16, 0, 0, 0, 0x10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0];
}
