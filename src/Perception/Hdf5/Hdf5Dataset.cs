namespace EdgeAutonomy.Perception;

/// <summary>An array of elements, or one element.</summary>
internal sealed class Hdf5Dataset : Hdf5Object
{
    private readonly Hdf5Space _space;

    public Hdf5Dataset(Hdf5File file, ObjectHeader header) : base(file, header)
    {
        if (!header.TryOpen(MessageType.Datatype, "datatype", out var type) || !header.TryOpen(MessageType.Dataspace, "dataspace", out var space))
        {
            throw file.Bytes.Error(header.Path, -1, "it has no datatype or no dataspace, so it is neither a group nor a dataset.");
        }
        Type = Hdf5Type.Read(ref type);
        _space = Hdf5Space.Read(ref space);
        if (header.Has(MessageType.ExternalFiles)) throw file.Bytes.Error(header.Path, -1, "its data are in other files, which is not supported.");
    }

    public Hdf5Type Type { get; }

    /// <summary>Gets the extents; none for a scalar.</summary>
    public int[] Shape => _space.Shape;

    public int Count => _space.Count;

    /// <summary>Gets whether it states that it has no value at all.</summary>
    public bool IsNull => _space.IsNull;

    /// <summary>Reads all elements.</summary>
    public Hdf5Elements Elements()
    {
        if (!Header.TryOpen(MessageType.Layout, "data layout", out var layout)) throw File.Bytes.Error(Path, -1, "it does not say where its data are.");
        int version = layout.U8();
        if (version is not (3 or 4)) throw layout.Error($"its version is {version}, only 3 and 4 are supported; write the file again with HDF5 1.6.3 or newer");
        int kind = layout.U8();
        return kind switch
        {
            0 => Compact(ref layout),
            1 => Contiguous(ref layout),
            2 when version == 3 => Chunked(ref layout),
            2 => throw layout.Error("its chunks are indexed as HDF5 1.10 began to, which is not supported; write the file again with the earliest or 1.8 format (h5py: libver='earliest')"),
            3 => throw layout.Error("it is a virtual dataset made of other files, which is not supported"),
            _ => throw layout.Error($"its class is {kind}, must be 0 to 3"),
        };
    }

    private long Bytes => (long)Type.Size * Count;

    private Hdf5Elements Compact(ref Hdf5Cursor layout)
    {
        int size = layout.U16();
        if (size < Bytes) throw layout.Error($"{size} bytes are stored, {Count} elements of {Type.Size} bytes need {Bytes}");
        return Hdf5Elements.InFile(File, Type, Count, layout.Offset - File.Bytes.Base, Path);
    }

    private Hdf5Elements Contiguous(ref Hdf5Cursor layout)
    {
        long address = layout.Address(), size = layout.Size();
        if (Bytes == 0 || address < 0) return new Hdf5Elements(File, Type, Count, Fill, layout.Offset, Path); // nothing was ever written
        if (size < Bytes) throw layout.Error($"{size} bytes are stored, {Count} elements of {Type.Size} bytes need {Bytes}");
        return Hdf5Elements.InFile(File, Type, Count, address, Path);
    }

    private Hdf5Elements Chunked(ref Hdf5Cursor layout)
    {
        int rank = layout.U8() - 1;
        if (rank < 1 || rank != Shape.Length) throw layout.Error($"its chunks have {rank} axes, the data {Shape.Length}");
        long tree = layout.Address();
        int[] chunk = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            uint extent = layout.U32();
            if (extent is 0 or > int.MaxValue) throw layout.Error($"chunk extent {i} is {extent}, must be 1 to {int.MaxValue}");
            chunk[i] = (int)extent;
        }
        uint element = layout.U32();
        if (element != Type.Size) throw layout.Error($"its elements have {element} bytes, the type says {Type.Size}");
        var filters = Header.TryOpen(MessageType.Filters, "filters", out var pipeline) ? Hdf5Filters.Read(ref pipeline) : new Hdf5Filters();
        return new Hdf5Elements(File, Type, Count, FillAndRead, layout.Offset, Path);

        void FillAndRead(Span<byte> target)
        {
            Fill(target);
            if (target.Length > 0) new Hdf5Chunks(File.Bytes, Path, _space, Type.Size, chunk, tree, filters).Read(target);
        }
    }

    // What no writer has touched has the fill value, zero by default.
    private void Fill(Span<byte> target)
    {
        var value = FillValue();
        if (value.Length == Type.Size && value.ContainsAnyExcept((byte)0))
        {
            for (int i = 0; i < target.Length; i += Type.Size) value.CopyTo(target[i..]);
        }
    }

    private ReadOnlySpan<byte> FillValue()
    {
        if (Header.TryOpen(MessageType.FillValue, "fill value", out var message))
        {
            int version = message.U8();
            if (version is < 1 or > 3) throw message.Error($"its version is {version}, must be 1, 2 or 3");
            bool defined;
            if (version == 3) defined = (message.U8() & 0x20) != 0;
            else
            {
                message.Skip(2);
                defined = message.U8() != 0 || version == 1;
            }
            return defined ? message.Take(message.U32()) : [];
        }
        return Header.TryOpen(MessageType.OldFillValue, "fill value", out var old) ? old.Take(old.U32()) : [];
    }
}
