namespace EdgeAutonomy.Perception;

/// <summary>Puts a dataset together that is stored in pieces: a grid of equal boxes, indexed by a version 1 B-tree.</summary>
internal sealed class Hdf5Chunks(Hdf5Bytes file, string path, Hdf5Space space, int elementBytes, int[] chunk, long tree, Hdf5Filters filters)
{
    // What decompressing one chunk allocates besides its result.
    private const int StreamCost = 512;
    private readonly int _rank = chunk.Length;

    /// <summary>Fills the target; elements of chunks that are not there keep their value.</summary>
    public void Read(Span<byte> target)
    {
        if (tree < 0) return;
        long bytes = elementBytes;
        foreach (int extent in chunk)
        {
            bytes *= extent;
            if (bytes > int.MaxValue) throw file.Error(path, -1, $"chunks of [{string.Join(", ", chunk)}] elements of {elementBytes} bytes are larger than 2 GiB.");
        }
        int chunkBytes = (int)bytes;
        byte[] one = filters.IsEmpty ? [] : file.Scratch(0, Hdf5Filters.BufferBytes(chunkBytes), path);
        byte[] other = filters.NeedsTwo ? file.Scratch(1, Hdf5Filters.BufferBytes(chunkBytes), path) : one;
        var entries = new BTree1(file, path, BTree1.Kind.Chunks, 8 + 8 * (_rank + 1)).Walk(tree);
        file.TakeMemory(32L * entries.Count, path, "chunk index");
        var seen = new HashSet<long>();
        Span<int> corner = stackalloc int[_rank];
        foreach (var (keyAt, address) in entries)
        {
            var key = file.At(keyAt, path, "chunk index");
            long stored = key.U32();
            uint mask = key.U32();
            long number = Corner(ref key, corner);
            var place = file.At(address, stored, path, "chunk");
            if (!seen.Add(number)) throw place.Error($"the chunk at element [{string.Join(", ", corner.ToArray())}] comes twice");
            file.TakeWork(chunkBytes + stored, path, "chunks");
            if (filters.IsEmpty)
            {
                if (stored != chunkBytes) throw place.Error($"it has {stored} bytes, must have {chunkBytes}");
                Place(file.Content.AsSpan(place.Offset, chunkBytes), target, corner);
                continue;
            }
            file.TakeMemory(StreamCost, path, "chunks");
            Place(filters.Undo(file, place.Offset, (int)stored, mask, chunkBytes, one, other, place), target, corner);
        }
    }

    // Reads where the chunk begins; returns its number in the grid.
    private long Corner(ref Hdf5Cursor key, scoped Span<int> corner)
    {
        long number = 0;
        for (int axis = 0; axis < _rank; axis++)
        {
            ulong at = key.U64();
            if (at >= (ulong)space.Shape[axis] || at % (ulong)chunk[axis] != 0)
            {
                throw key.Error($"a chunk begins at {at} on axis {axis}, must be a multiple of {chunk[axis]} below {space.Shape[axis]}");
            }
            corner[axis] = (int)at;
            number = number * ((space.Shape[axis] - 1L) / chunk[axis] + 1) + corner[axis] / chunk[axis];
        }
        return number;
    }

    // Copies rows along the last axis; what sticks out over the edge is cropped.
    private void Place(ReadOnlySpan<byte> source, Span<byte> target, ReadOnlySpan<int> corner)
    {
        Span<int> inside = stackalloc int[_rank];
        inside.Clear();
        int last = _rank - 1, run = Math.Min(chunk[last], space.Shape[last] - corner[last]) * elementBytes;
        while (true)
        {
            long from = 0, to = 0;
            for (int axis = 0; axis < _rank; axis++)
            {
                from = from * chunk[axis] + inside[axis];
                to = to * space.Shape[axis] + corner[axis] + inside[axis];
            }
            source.Slice((int)(from * elementBytes), run).CopyTo(target[(int)(to * elementBytes)..]);
            int move = last - 1;
            while (move >= 0 && ++inside[move] >= Math.Min(chunk[move], space.Shape[move] - corner[move])) inside[move--] = 0;
            if (move < 0) return;
        }
    }
}
