using System.Buffers;
using System.Buffers.Binary;

namespace EdgeAutonomy.Learning;

/// <summary>The frame of files that keep state: eight bytes of magic, the content, a hash of everything before.</summary>
/// <remarks>Little-endian. Written beside its place and renamed, so that a power cut leaves the old or the new one. Reading never allocates by a length from the file.</remarks>
internal static class StateFile
{
    /// <summary>How many bytes a file may have: 1 GiB.</summary>
    public const long MaxBytes = 1 << 30;

    private const int HashBytes = 8;

    /// <summary>Begins a file's content.</summary>
    /// <param name="magic">Eight bytes that name the kind.</param>
    public static ArrayBufferWriter<byte> Begin(ReadOnlySpan<byte> magic)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write(magic);
        return buffer;
    }

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file; replaced if it is there.</param>
    /// <param name="buffer">What <see cref="Begin"/> gave, with the content behind it; the hash is added.</param>
    /// <exception cref="InvalidOperationException">It is larger than a file may be.</exception>
    public static void Save(string path, ArrayBufferWriter<byte> buffer)
    {
        new StateWriter(buffer).Write(Hash(buffer.WrittenSpan));
        if (buffer.WrittenCount > MaxBytes) throw new InvalidOperationException($"{path}: the state takes {buffer.WrittenCount} bytes, a file of it holds {MaxBytes}; use a smaller replay.");
        string next = path + ".next";
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write))
        {
            file.Write(buffer.WrittenSpan);
            file.Flush(flushToDisk: true);
        }
        File.Move(next, path, overwrite: true);
    }

    /// <summary>Reads a file and checks its frame.</summary>
    /// <param name="path">The file.</param>
    /// <param name="magic">Eight bytes that name the kind.</param>
    /// <param name="kind">What the file should be, such as "checkpoint of a learner"; for the error.</param>
    /// <returns>The content.</returns>
    /// <exception cref="InvalidDataException">It is another file or a damaged one.</exception>
    public static ReadOnlyMemory<byte> Load(string path, ReadOnlySpan<byte> magic, string kind)
    {
        long length = new FileInfo(path).Length;
        if (length > MaxBytes) throw new InvalidDataException($"{path}: {length} bytes are more than a {kind} has ({MaxBytes}); it is another file.");
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length < magic.Length + HashBytes || !bytes.AsSpan().StartsWith(magic)) throw new InvalidDataException($"{path}: does not begin with {System.Text.Encoding.ASCII.GetString(magic)}; it is no {kind}.");
        var content = bytes.AsMemory(magic.Length, bytes.Length - magic.Length - HashBytes);
        ulong stated = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(bytes.Length - HashBytes)), real = Hash(bytes.AsSpan(0, bytes.Length - HashBytes));
        if (stated != real) throw new InvalidDataException($"{path}: the hash in the file is {stated:X16}, its content gives {real:X16}; the file is damaged, delete it to start over.");
        return content;
    }

    private static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        var hasher = new StateHasher(0x45444745);
        hasher.AddBytes(bytes);
        return hasher.Value;
    }
}
