namespace EdgeAutonomy.Perception;

/// <summary>Reads the names of an old group: B-tree, symbol table nodes and local heap (HDF5 format specification, III.A.1, III.B, III.D).</summary>
internal static class SymbolTable
{
    private const int EntryBytes = 40;

    /// <param name="file">The file.</param>
    /// <param name="message">The symbol table message.</param>
    /// <param name="add">Takes each name.</param>
    public static void Read(Hdf5Bytes file, ref Hdf5Cursor message, Action<string, Hdf5Link> add)
    {
        long tree = message.Address(), heap = message.Address();
        string path = message.Path;
        var names = Names(file, heap, path);
        var seen = new HashSet<long>();
        foreach (var (_, child) in new BTree1(file, path, BTree1.Kind.Group, 8).Walk(tree))
        {
            var node = file.At(child, path, "symbol table node");
            if (!seen.Add(child)) throw node.Error("it comes twice in the group's B-tree");
            node.Expect("SNOD"u8);
            node.ExpectVersion(1);
            node.Skip(1);
            int count = node.U16();
            for (int i = 0; i < count; i++)
            {
                file.TakeWork(EntryBytes, path, "symbol table node");
                long name = node.Size(), address = node.Address();
                uint cached = node.U32();
                node.Skip(4 + 16);
                // Cache type 2 marks a soft link; what it names stands in the heap.
                add(NameAt(names, name), cached == 2 ? new Hdf5Link(Hdf5Link.Soft, -1) : new Hdf5Link(Hdf5Link.Hard, address));
            }
        }
    }

    private static Hdf5Cursor Names(Hdf5Bytes file, long address, string path)
    {
        var heap = file.At(address, path, "local heap");
        heap.Expect("HEAP"u8);
        heap.ExpectVersion(0);
        heap.Skip(3);
        long size = heap.Size();
        heap.Skip(8);
        long segment = heap.Address();
        return file.At(segment, size, path, "local heap");
    }

    private static string NameAt(Hdf5Cursor names, long offset)
    {
        names.Skip(offset);
        var rest = names.As("local heap");
        // Searching a long heap without a NUL once for each name would be quadratic: the search is paid for.
        int length = names.Take(names.Left).IndexOf((byte)0);
        names.File.TakeWork(length < 0 ? rest.Left : length, rest.Path, "local heap");
        if (length < 0) throw rest.Error("a name has no end");
        return rest.Text(length);
    }
}
