using System.Buffers;
using System.Buffers.Binary;

namespace EdgeAutonomy.Learning;

/// <summary>A learner's whole state in a file: what resuming needs to give the uninterrupted run bit for bit.</summary>
/// <remarks>
/// Little-endian: "EDGERL01", hash of the configuration, the frozen state, a hash of everything before. Written beside its place and renamed, so that a power cut
/// leaves the old or the new one. Reading never allocates by a length from the file.
/// </remarks>
public static class AgentCheckpoint
{
    private const long MaxBytes = 1 << 30;
    private const int Header = 16, Trailer = 8;

    private static ReadOnlySpan<byte> Magic => "EDGERL01"u8;

    /// <summary>Writes a checkpoint.</summary>
    /// <param name="path">The file; replaced if it is there.</param>
    /// <param name="configuration">Hash of everything that must be the same on resuming.</param>
    /// <param name="learner">The learner.</param>
    /// <exception cref="InvalidOperationException">The state is larger than a checkpoint may be (1 GiB).</exception>
    public static void Save(string path, ulong configuration, IFreezable learner)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write(Magic);
        var w = new StateWriter(buffer);
        w.Write(configuration);
        learner.Freeze(buffer);
        w.Write(Hash(buffer.WrittenSpan));
        if (buffer.WrittenCount > MaxBytes) throw new InvalidOperationException($"{path}: the state takes {buffer.WrittenCount} bytes, a checkpoint holds {MaxBytes}; use a smaller replay.");
        string next = path + ".next";
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write))
        {
            file.Write(buffer.WrittenSpan);
            file.Flush(flushToDisk: true);
        }
        File.Move(next, path, overwrite: true);
    }

    /// <summary>Reads a checkpoint into a learner.</summary>
    /// <param name="path">The file.</param>
    /// <param name="configuration">Hash of the present configuration.</param>
    /// <param name="learner">Takes the state; unchanged where the file is damaged or of another configuration.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or it belongs to another configuration.</exception>
    public static void Load(string path, ulong configuration, IFreezable learner)
    {
        long length = new FileInfo(path).Length;
        if (length > MaxBytes) throw new InvalidDataException($"{path}: {length} bytes are more than a checkpoint has ({MaxBytes}); it is another file.");
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(path);
        if (bytes.Length < Header + Trailer || !bytes.StartsWith(Magic)) throw new InvalidDataException($"{path}: does not begin with EDGERL01; it is no checkpoint of a learner.");
        ulong stated = BinaryPrimitives.ReadUInt64LittleEndian(bytes[^Trailer..]), real = Hash(bytes[..^Trailer]);
        if (stated != real) throw new InvalidDataException($"{path}: the hash in the file is {stated:X16}, its content gives {real:X16}; the file is damaged, delete it to start over.");
        ulong saved = BinaryPrimitives.ReadUInt64LittleEndian(bytes[Magic.Length..]);
        if (saved != configuration) throw new InvalidDataException($"{path}: belongs to configuration {saved:X16}, the present one is {configuration:X16}; delete it or use another path.");
        learner.Thaw(bytes[Header..^Trailer]);
    }

    private static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        var hasher = new StateHasher(0x45444745);
        hasher.AddBytes(bytes);
        return hasher.Value;
    }
}
