namespace EdgeAutonomy.Perception;

/// <summary>Reads HDF5 files, as far as model files need it: any superblock, groups and headers old and new, plain and chunked data with deflate, shuffle and fletcher32.</summary>
/// <remarks>
/// Everything is checked against the bytes that are there: whatever a file claims, reading ends with its content or with one
/// <see cref="ModelFileException"/>, takes no more memory than <see cref="DefaultExpansion"/> times its size and time in proportion to that.
/// One thread at a time. Source: HDF5 File Format Specification, version 3.0.
/// </remarks>
internal sealed class Hdf5File
{
    /// <summary>Bytes that reading may take for each byte of the file.</summary>
    public const int DefaultExpansion = 20;

    /// <summary>Groups inside groups.</summary>
    public const int MaxDepth = 64;

    private Hdf5File(Hdf5Bytes bytes)
    {
        Bytes = bytes;
        Heap = new GlobalHeap(bytes);
        long root = Hdf5Superblock.ReadRoot(bytes);
        Root = Open(root, "", 0) as Hdf5Group ?? throw bytes.Error("/", -1, "the root is a dataset, must be a group.");
    }

    /// <summary>Gets the outermost group.</summary>
    public Hdf5Group Root { get; }

    public string Name => Bytes.Name;

    internal Hdf5Bytes Bytes { get; }

    internal GlobalHeap Heap { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="ModelFileException">It cannot be read, or is not HDF5.</exception>
    public static Hdf5File Open(string path, int maxExpansion = DefaultExpansion) => Open(WholeFile.Read(path, Array.MaxLength), path, maxExpansion);

    /// <summary>Opens the bytes of a file; they are not copied and must not change.</summary>
    public static Hdf5File Open(byte[] content, string name, int maxExpansion = DefaultExpansion)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("HDF5 files are read on little-endian machines only.");
        return new Hdf5File(new Hdf5Bytes(name, content, maxExpansion));
    }

    /// <summary>Opens the object at an address.</summary>
    internal Hdf5Object Open(long address, string path, int depth)
    {
        Bytes.TakeMemory(256 + 2L * path.Length, path, "an object");
        var header = ObjectHeader.Read(Bytes, address, path);
        if (!Hdf5Group.Is(header)) return new Hdf5Dataset(this, header);
        return depth <= MaxDepth ? new Hdf5Group(this, header, address, depth) : throw Bytes.Error(path, -1, $"groups are nested deeper than {MaxDepth}.");
    }
}
