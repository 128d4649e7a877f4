namespace EdgeAutonomy.Perception;

/// <summary>A folder of names; the old kind (symbol table) and both new kinds (link messages, fractal heap).</summary>
internal sealed class Hdf5Group : Hdf5Object
{
    private const int LinkRecordBytes = 4, LinkCost = 64; // the hash before the heap identifier; a dictionary entry
    private readonly SortedDictionary<string, Hdf5Link> _links = new(StringComparer.Ordinal);
    private readonly int _depth;

    public Hdf5Group(Hdf5File file, ObjectHeader header, long address, int depth) : base(file, header)
    {
        _depth = depth;
        Address = address;
        if (header.TryOpen(MessageType.SymbolTable, "symbol table", out var table)) SymbolTable.Read(file.Bytes, ref table, Add);
        foreach (var message in header.Messages)
        {
            if (message.Type != MessageType.Link) continue;
            var cursor = header.Open(message, "link");
            var (name, link) = Hdf5Link.Read(ref cursor);
            Add(name, link);
        }
        if (header.TryOpen(MessageType.LinkInfo, "link info", out var info)) ReadDense(ref info);
    }

    /// <summary>Gets where its header is; the same for one group under two names.</summary>
    public long Address { get; }

    /// <summary>Gets the names, in ordinal order.</summary>
    public IReadOnlyCollection<string> Names => _links.Keys;

    /// <summary>Tells whether a header describes a group.</summary>
    public static bool Is(ObjectHeader header) => header.Has(MessageType.SymbolTable) || header.Has(MessageType.LinkInfo) || header.Has(MessageType.Link);

    /// <summary>Opens what a name stands for; null where there is none.</summary>
    public Hdf5Object? Find(string name)
    {
        if (!_links.TryGetValue(name, out var link)) return null;
        string path = Path + "/" + name;
        if (link.Kind != Hdf5Link.Hard) throw File.Bytes.Error(path, -1, "it is a soft or external link, which is not supported; write the file again with the data in place.");
        return File.Open(link.Address, path, _depth + 1);
    }

    private void ReadDense(ref Hdf5Cursor info)
    {
        info.ExpectVersion(0);
        if ((info.U8() & 1) != 0) info.Skip(8);
        long heapAddress = info.Address(), tree = info.Address();
        if (heapAddress < 0) return; // all links are messages
        var heap = new FractalHeap(File.Bytes, heapAddress, Path);
        foreach (long record in BTree2.Walk(File.Bytes, tree, BTree2.Links, LinkRecordBytes + heap.IdBytes, Path))
        {
            var id = File.Bytes.At(record + LinkRecordBytes, Path, "link record");
            var cursor = heap.Open(ref id, "link");
            var (name, link) = Hdf5Link.Read(ref cursor);
            Add(name, link);
        }
    }

    private void Add(string name, Hdf5Link link)
    {
        File.Bytes.TakeMemory(LinkCost, Path, "names");
        if (name.Length == 0 || name.Contains('/') || name.Contains('\0')) throw File.Bytes.Error(Path, -1, $"it lists the name '{name}'; names must not be empty or hold a slash or NUL.");
        if (!_links.TryAdd(name, link)) throw File.Bytes.Error(Path, -1, $"it lists the name '{name}' twice.");
    }
}
