namespace EdgeAutonomy.Perception;

/// <summary>Walks a version 1 B-tree: the names of an old group, or the chunks of a dataset (HDF5 format specification, III.A.1).</summary>
internal sealed class BTree1(Hdf5Bytes file, string path, BTree1.Kind kind, int keyBytes)
{
    public enum Kind : byte
    {
        Group = 0,
        Chunks = 1,
    }

    private const int MaxLevel = 63, EntryCost = 16, NodeCost = 40;
    private readonly HashSet<long> _seen = [];
    private readonly List<(long Key, long Child)> _entries = [];

    /// <summary>Returns the lowest level from left to right: where each entry's left key is, and the address of its child.</summary>
    public List<(long Key, long Child)> Walk(long root)
    {
        Visit(root, -1);
        return _entries;
    }

    private void Visit(long address, int expectedLevel)
    {
        var node = file.At(address, path, kind == Kind.Group ? "group B-tree" : "chunk B-tree");
        if (!_seen.Add(address)) throw node.Error("the tree has a circle: this node comes twice");
        file.TakeMemory(NodeCost, path, "B-tree");
        node.Expect("TREE"u8);
        int type = node.U8(), level = node.U8(), count = node.U16();
        if (type != (int)kind) throw node.Error($"its type is {type}, must be {(int)kind}");
        // Levels that fall by one each bound the recursion, whatever the addresses say.
        if (expectedLevel < 0 ? level > MaxLevel : level != expectedLevel) throw node.Error($"its level is {level}, must be {(expectedLevel < 0 ? $"at most {MaxLevel}" : expectedLevel)}");
        node.Skip(16);
        file.TakeWork(24 + (long)count * (keyBytes + 8), path, "B-tree");
        for (int i = 0; i < count; i++)
        {
            long key = node.Offset - file.Base;
            node.Skip(keyBytes);
            long child = node.Address();
            if (level > 0)
            {
                Visit(child, level - 1);
                continue;
            }
            file.TakeMemory(EntryCost, path, "B-tree");
            _entries.Add((key, child));
        }
    }
}
