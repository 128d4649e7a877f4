namespace EdgeAutonomy.Perception;

/// <summary>The bytes of one HDF5 file, with what reading them may cost: every table walked and every array made is paid from two purses sized by the file.</summary>
/// <remarks>
/// A file can lie: tables that share parts and extents of 2⁶⁰ cost nothing to write. Honest files stay far below the bounds, because each
/// structure is read about once. Reading everything twice needs a second object. One thread at a time.
/// </remarks>
internal sealed class Hdf5Bytes(string name, byte[] content, int maxExpansion)
{
    // Files of a few hundred bytes still need names, lists and one empty group.
    private const long SmallFile = 4096;
    private readonly byte[][] _scratch = [[], []];
    private long _memoryLeft = Math.Max(content.Length, SmallFile) * maxExpansion;
    // Decoding touches more bytes than it keeps: chunks that stick out over the edge, checksums, headers read again.
    private long _workLeft = Math.Max(content.Length, SmallFile) * maxExpansion * 4;

    public string Name => name;

    public byte[] Content => content;

    /// <summary>Gets where address 0 lies: behind the user block, if there is one.</summary>
    public int Base { get; set; }

    /// <summary>Opens a cursor on an address, up to the end of the file.</summary>
    public Hdf5Cursor At(long address, string path, string what)
    {
        if (address < 0) throw Error(path, -1, $"{what}: its address is undefined, but something must be there.");
        if (address > content.Length - Base) throw Error(path, content.Length, $"{what}: its address {address} is behind the end of the file at {content.Length - Base}.");
        int start = (int)address + Base;
        return new Hdf5Cursor(this, content.AsSpan(start), start, path, what);
    }

    /// <summary>Opens a cursor on so many bytes at an address.</summary>
    public Hdf5Cursor At(long address, long length, string path, string what) => At(address, path, what).Part(length);

    /// <summary>Pays for memory that is about to be taken.</summary>
    public void TakeMemory(long bytes, string path, string what)
    {
        if (bytes > _memoryLeft)
        {
            throw Error(path, -1, $"{what} needs {bytes} bytes, {_memoryLeft} are left of {maxExpansion} times the file's {content.Length} bytes; a file that honestly expands so far must be stored with less compression.");
        }
        _memoryLeft -= bytes;
    }

    /// <summary>Pays for bytes that are about to be looked at or decoded.</summary>
    public void TakeWork(long bytes, string path, string what)
    {
        if (bytes > _workLeft) throw Error(path, -1, $"{what}: following the file's tables takes more than {4 * maxExpansion} times its {content.Length} bytes; they point at the same places again and again.");
        _workLeft -= bytes;
    }

    /// <summary>Returns a buffer that is kept for the next one who asks for the same number; at least so long, content undefined.</summary>
    public byte[] Scratch(int number, long bytes, string path)
    {
        if (_scratch[number].Length < bytes)
        {
            if (bytes > Array.MaxLength) throw Error(path, -1, $"a buffer of {bytes} bytes is too large.");
            TakeMemory(bytes, path, "a buffer for chunks");
            _scratch[number] = GC.AllocateUninitializedArray<byte>((int)bytes);
        }
        return _scratch[number];
    }

    public ModelFileException Error(string path, long offset, string sentence, Exception? inner = null) => new(name, path, offset, sentence, inner);
}
