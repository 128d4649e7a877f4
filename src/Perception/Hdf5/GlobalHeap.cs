namespace EdgeAutonomy.Perception;

/// <summary>Finds texts and lists of variable length: collections of numbered objects (HDF5 format specification, III.E).</summary>
internal sealed class GlobalHeap(Hdf5Bytes file)
{
    /// <summary>Bytes of a reference to an object: length u32, address of the collection, number u32.</summary>
    public const int ReferenceBytes = 16;

    private const int EntryCost = 32;
    private readonly Dictionary<long, Dictionary<int, (int Start, int Length)>> _collections = [];

    /// <summary>Takes a reference and returns the bytes that it stands for; none where it refers to nothing.</summary>
    /// <param name="reference">Stands on the reference.</param>
    /// <param name="elementBytes">Bytes of one element; the reference counts elements.</param>
    public ReadOnlySpan<byte> Read(ref Hdf5Cursor reference, int elementBytes)
    {
        long count = reference.U32(), length = count * elementBytes, address = reference.Address();
        int number = (int)Math.Min(reference.U32(), int.MaxValue);
        if (count == 0 || address <= 0) return count == 0 ? [] : throw reference.Error($"a list of {count} elements has no place in a global heap");
        if (!_collections.TryGetValue(address, out var objects)) _collections.Add(address, objects = ReadCollection(address, reference.Path));
        if (!objects.TryGetValue(number, out var place)) throw reference.Error($"it refers to object {number} of the global heap at address {address}, which has no such object");
        if (length > place.Length) throw reference.Error($"it refers to {length} bytes, but object {number} of the global heap at address {address} has {place.Length}");
        file.TakeWork(length, reference.Path, "global heap");
        return file.Content.AsSpan(place.Start, (int)length);
    }

    private Dictionary<int, (int Start, int Length)> ReadCollection(long address, string path)
    {
        const string What = "global heap";
        var head = file.At(address, path, What);
        head.Expect("GCOL"u8);
        head.ExpectVersion(1);
        head.Skip(3);
        long size = head.Size();
        var cursor = file.At(address, size, path, What);
        cursor.Skip(16);
        var objects = new Dictionary<int, (int, int)>();
        file.TakeMemory(128, path, What);
        while (cursor.Left >= 16)
        {
            int number = cursor.U16();
            cursor.Skip(6);
            long length = cursor.Size();
            if (number == 0) break; // free space, to the end
            file.TakeWork(16, path, What);
            file.TakeMemory(EntryCost, path, What);
            if (!objects.TryAdd(number, (cursor.Offset, (int)Math.Min(length, int.MaxValue)))) throw cursor.Error($"object {number} comes twice");
            cursor.Skip(length);
            cursor.Skip(Math.Min(-length & 7, cursor.Left));
        }
        return objects;
    }
}
