namespace EdgeAutonomy.Perception;

/// <summary>Reads and writes networks as NIR files (HDF5).</summary>
/// <remarks>
/// <para>Elements keep their kind: float32, float64, int64 and uint8 as they are. float16 becomes float32; every other whole number becomes int64
/// (uint64 above 2⁶³ − 1 is an error); bool, and any other enumeration of one byte, becomes uint8; wider enumerations become int64. Byte order is undone.</para>
/// <para>Reading refuses what the schema refuses (<see cref="NirSchema"/>) and what HDF5 allows but no NIR tool writes: soft links, shared types,
/// chunk indexes of HDF5 1.10, filters other than gzip, shuffle and fletcher32. What it makes of a file takes at most 20 bytes for each byte of it
/// (small files: 80 KiB), and time in proportion; damaged and hostile files end in a <see cref="ModelFileException"/>, never in anything else. Groups nest 64 deep at most.</para>
/// <para>Writing gives plain arrays in the oldest HDF5 format, which every tool reads. Equal graphs with nodes and edges in equal order give equal bytes. Thread-safe.</para>
/// <para>Source: github.com/neuromorphs/NIR, nir/serialization.py; HDF5 File Format Specification 3.0.</para>
/// </remarks>
public static class NirFile
{
    /// <summary>Reads a network.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelFileException">The file cannot be read, is damaged, or does not describe a network that NIR allows.</exception>
    public static NirGraph Read(string path) => Read(path, out _);

    /// <summary>Reads a network.</summary>
    /// <param name="path">The file.</param>
    /// <param name="warnings">What is odd but can be understood, one sentence each: edges that stand twice, parameters that nobody knows.</param>
    /// <exception cref="ModelFileException">The file cannot be read, is damaged, or does not describe a network that NIR allows.</exception>
    public static NirGraph Read(string path, out IReadOnlyList<string> warnings) => Read(Hdf5File.Open(path), out warnings);

    /// <summary>Reads a network from the bytes of a file, which must not change meanwhile.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="name">Starts the messages of errors.</param>
    /// <param name="warnings">What is odd but can be understood, one sentence each.</param>
    /// <exception cref="ModelFileException">The bytes are damaged, or do not describe a network that NIR allows.</exception>
    public static NirGraph Read(byte[] content, string name, out IReadOnlyList<string> warnings) => Read(Hdf5File.Open(content, name), out warnings);

    /// <summary>Reads a network from the rest of a stream.</summary>
    /// <param name="stream">The stream; it is not closed.</param>
    /// <param name="name">Starts the messages of errors.</param>
    /// <param name="warnings">What is odd but can be understood, one sentence each.</param>
    /// <exception cref="ModelFileException">The stream fails or is damaged, or does not describe a network that NIR allows.</exception>
    public static NirGraph Read(Stream stream, string name, out IReadOnlyList<string> warnings)
    {
        using var content = new MemoryStream();
        try
        {
            stream.CopyTo(content);
        }
        catch (Exception e) when (e is IOException or NotSupportedException or ObjectDisposedException)
        {
            throw new ModelFileException(name, "", -1, $"cannot be read: {e.Message}", e);
        }
        return Read(content.ToArray(), name, out warnings);
    }

    /// <summary>Writes a network; the file is replaced as a whole or not at all.</summary>
    /// <remarks>A new file is made beside the old one (<c>.new</c> is added to its name), brought to the disk, and takes its place.</remarks>
    /// <param name="path">The file.</param>
    /// <param name="graph">The network.</param>
    /// <exception cref="ModelFileException">The graph breaks a rule of NIR or holds what a file cannot, or the system cannot write.</exception>
    public static void Write(string path, NirGraph graph) => WholeFile.Write(path, ToBytes(graph, path));

    /// <summary>Writes a network to a stream, which is not closed.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="graph">The network.</param>
    /// <exception cref="ModelFileException">The graph breaks a rule of NIR or holds what a file cannot.</exception>
    /// <exception cref="IOException">The stream failed.</exception>
    public static void Write(Stream stream, NirGraph graph) => stream.Write(ToBytes(graph, "graph"));

    private static NirGraph Read(Hdf5File file, out IReadOnlyList<string> warnings)
    {
        var found = new List<string>();
        var graph = new NirFileReader(file, found).Read();
        NirSchema.Check(graph, file.Name, found);
        warnings = found;
        return graph;
    }

    private static byte[] ToBytes(NirGraph graph, string name)
    {
        NirSchema.Check(graph, name, new List<string>());
        return new NirFileWriter(name).Write(graph);
    }
}
