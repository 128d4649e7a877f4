using System.Buffers.Binary;

namespace EdgeAutonomy.Learning;

/// <summary>A learner's whole state in a file: what resuming needs to give the uninterrupted run bit for bit.</summary>
/// <remarks>
/// Little-endian: "EDGERL01", hash of the configuration, the frozen state, in the frame of <see cref="StateFile"/>.
/// </remarks>
public static class AgentCheckpoint
{
    private static ReadOnlySpan<byte> Magic => "EDGERL01"u8;

    /// <summary>Writes a checkpoint.</summary>
    /// <param name="path">The file; replaced if it is there.</param>
    /// <param name="configuration">Hash of everything that must be the same on resuming.</param>
    /// <param name="learner">The learner.</param>
    /// <exception cref="InvalidOperationException">The state is larger than a checkpoint may be (1 GiB).</exception>
    public static void Save(string path, ulong configuration, IFreezable learner)
    {
        var buffer = StateFile.Begin(Magic);
        new StateWriter(buffer).Write(configuration);
        learner.Freeze(buffer);
        StateFile.Save(path, buffer);
    }

    /// <summary>Reads a checkpoint into a learner.</summary>
    /// <param name="path">The file.</param>
    /// <param name="configuration">Hash of the present configuration.</param>
    /// <param name="learner">Takes the state; unchanged where the file is damaged or of another configuration.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or it belongs to another configuration.</exception>
    public static void Load(string path, ulong configuration, IFreezable learner)
    {
        var content = StateFile.Load(path, Magic, "checkpoint of a learner").Span;
        if (content.Length < sizeof(ulong)) throw new InvalidDataException($"{path}: holds {content.Length} bytes between its frame, at least {sizeof(ulong)} are needed; it is no checkpoint of a learner.");
        ulong saved = BinaryPrimitives.ReadUInt64LittleEndian(content);
        if (saved != configuration) throw new InvalidDataException($"{path}: belongs to configuration {saved:X16}, the present one is {configuration:X16}; delete it or use another path.");
        learner.Thaw(content[sizeof(ulong)..]);
    }
}
