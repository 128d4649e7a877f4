namespace EdgeAutonomy.Perception;

/// <summary>A group or a dataset.</summary>
internal abstract class Hdf5Object(Hdf5File file, ObjectHeader header)
{
    private const int AttributeRecordBytes = 8; // the heap identifier; flags, order and hash follow

    /// <summary>Gets the names from the root on, each behind a slash.</summary>
    public string Path => header.Path;

    protected Hdf5File File => file;

    protected ObjectHeader Header => header;

    /// <summary>Reads all attributes by name.</summary>
    public IReadOnlyDictionary<string, Hdf5Attribute> Attributes()
    {
        var found = new Dictionary<string, Hdf5Attribute>(StringComparer.Ordinal);
        foreach (var message in header.Messages)
        {
            if (message.Type != MessageType.Attribute) continue;
            var cursor = header.Open(message, "attribute");
            Add(found, ref cursor);
        }
        if (header.TryOpen(MessageType.AttributeInfo, "attribute info", out var info)) AddDense(found, ref info);
        return found;
    }

    private void AddDense(Dictionary<string, Hdf5Attribute> found, ref Hdf5Cursor info)
    {
        info.ExpectVersion(0);
        if ((info.U8() & 1) != 0) info.Skip(2);
        long heapAddress = info.Address(), tree = info.Address();
        if (heapAddress < 0) return;
        var heap = new FractalHeap(file.Bytes, heapAddress, Path);
        foreach (long record in BTree2.Walk(file.Bytes, tree, BTree2.Attributes, Math.Max(heap.IdBytes, AttributeRecordBytes), Path))
        {
            var id = file.Bytes.At(record, Path, "attribute record");
            var cursor = heap.Open(ref id, "attribute");
            Add(found, ref cursor);
        }
    }

    private void Add(Dictionary<string, Hdf5Attribute> found, ref Hdf5Cursor cursor)
    {
        var attribute = Hdf5Attribute.Read(file, ref cursor);
        if (!found.TryAdd(attribute.Name, attribute)) throw cursor.Error($"the attribute '{attribute.Name}' comes twice");
    }
}
