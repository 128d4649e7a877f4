namespace EdgeAutonomy.Perception;

/// <summary>Walks a version 2 B-tree: the index of a group or of attributes with many names (HDF5 format specification, III.A.2).</summary>
internal sealed class BTree2
{
    /// <summary>Tree types: links by name, attributes by name.</summary>
    public const int Links = 5, Attributes = 8;

    private const int PrefixBytes = 6, ChecksumBytes = 4, MaxDepth = 16, EntryCost = 8, NodeCost = 40;
    private readonly Hdf5Bytes _file;
    private readonly string _path;
    private readonly int _type, _nodeBytes, _recordBytes, _countWidth;
    private readonly int[] _totalWidths;
    private readonly HashSet<long> _seen = [];
    private readonly List<long> _records = [];

    private BTree2(Hdf5Bytes file, string path, int type, int nodeBytes, int recordBytes, int depth, ref Hdf5Cursor header)
    {
        _file = file;
        _path = path;
        _type = type;
        _nodeBytes = nodeBytes;
        _recordBytes = recordBytes;
        int usable = nodeBytes - PrefixBytes - ChecksumBytes;
        UInt128 most = (UInt128)(usable / recordBytes); // records at and below a node of the level
        _countWidth = Width(most);
        _totalWidths = new int[depth + 1];
        for (int level = 1; level <= depth; level++)
        {
            int pointer = 8 + _countWidth + _totalWidths[level - 1], fit = (usable - pointer) / (recordBytes + pointer);
            if (fit < 1) throw header.Error($"nodes of {nodeBytes} bytes have no room for records of {recordBytes} at level {level}");
            most = (UInt128)(fit + 1) * most + (UInt128)fit;
            _totalWidths[level] = Width(most);
            if (_totalWidths[level] > 8) throw header.Error($"a tree of depth {depth} could hold more records than any file");
        }
    }

    /// <summary>Returns the addresses of all records, in the tree's order.</summary>
    public static List<long> Walk(Hdf5Bytes file, long address, int type, int minRecordBytes, string path)
    {
        var header = file.At(address, path, "B-tree v2");
        header.Expect("BTHD"u8);
        header.ExpectVersion(0);
        int found = header.U8();
        if (found != type) throw header.Error($"its type is {found}, must be {type}");
        long nodeBytes = header.U32();
        int recordBytes = header.U16(), depth = header.U16();
        header.Skip(2);
        long root = header.Address();
        int count = header.U16();
        header.Skip(8);
        header.ExpectChecksum();
        if (recordBytes < minRecordBytes) throw header.Error($"its records have {recordBytes} bytes, must have {minRecordBytes} at least");
        if (depth > MaxDepth) throw header.Error($"its depth is {depth}, must be at most {MaxDepth}");
        if (nodeBytes < PrefixBytes + ChecksumBytes + recordBytes || nodeBytes > file.Content.Length) throw header.Error($"its nodes have {nodeBytes} bytes, must fit the file of {file.Content.Length} bytes and hold a record of {recordBytes}");
        var tree = new BTree2(file, path, type, (int)nodeBytes, recordBytes, depth, ref header);
        if (count > 0) tree.Visit(root, count, depth);
        return tree._records;
    }

    private void Visit(long address, int count, int level)
    {
        // Whole nodes are reserved, but a checksum follows the used part.
        var node = _file.At(address, _nodeBytes, _path, "B-tree v2 node");
        if (!_seen.Add(address)) throw node.Error("the tree has a circle: this node comes twice");
        _file.TakeMemory(NodeCost, _path, "B-tree v2 node");
        node.Expect(level == 0 ? "BTLF"u8 : "BTIN"u8);
        node.ExpectVersion(0);
        int type = node.U8();
        if (type != _type) throw node.Error($"its type is {type}, must be {_type}");
        long firstRecord = node.Offset - _file.Base;
        node.Skip((long)count * _recordBytes);
        if (level == 0)
        {
            node.ExpectChecksum();
            for (int i = 0; i < count; i++) Add(firstRecord + (long)i * _recordBytes);
            return;
        }
        var children = node;
        int pointer = 8 + _countWidth + _totalWidths[level - 1] * (level > 1 ? 1 : 0);
        node.Skip((long)(count + 1) * pointer);
        node.ExpectChecksum();
        for (int i = 0; i <= count; i++)
        {
            long child = children.Address();
            ulong records = children.UInt(_countWidth);
            if (level > 1) children.Skip(_totalWidths[level - 1]);
            if (records > ushort.MaxValue) throw children.Error($"a child has {records} records, must have at most {ushort.MaxValue}");
            Visit(child, (int)records, level - 1);
            if (i < count) Add(firstRecord + (long)i * _recordBytes);
        }
    }

    private void Add(long record)
    {
        _file.TakeMemory(EntryCost, _path, "B-tree v2");
        _records.Add(record);
    }

    // Bytes that hold every number up to the greatest.
    private static int Width(UInt128 greatest) => (int)(UInt128.Log2(UInt128.Max(greatest, 1)) / 8) + 1;
}
