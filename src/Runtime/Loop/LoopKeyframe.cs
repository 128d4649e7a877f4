using System.Buffers;

namespace EdgeAutonomy.Runtime;

/// <summary>Writes and reads a loop's keyframe: named sections, each with its length, so that a mismatch is found and named.</summary>
internal static class LoopKeyframe
{
    public static void Freeze(IBufferWriter<byte> writer, in LoopMemory memory, long completed, StageRunner run, ReadOnlySpan<IFreezable> parts, object? sample, object? percept)
    {
        var w = new StateWriter(writer);
        var section = new ArrayBufferWriter<byte>(1 << 16);
        w.Write(memory);
        w.Write(completed);
        run.Freeze(w);
        foreach (var part in parts) Section(w, section, part);
        foreach (var random in run.Randoms) Section(w, section, random);
        foreach (var stage in run.Stages) Section(w, section, stage as IFreezable);
        Section(w, section, sample as IFreezable);
        Section(w, section, percept as IFreezable);
    }

    public static void Thaw(ReadOnlySpan<byte> state, ref LoopMemory memory, ref long completed, StageRunner run, ReadOnlySpan<IFreezable> parts, object? sample, object? percept)
    {
        var r = new StateReader(state, "Loop keyframe");
        memory = r.Read<LoopMemory>();
        completed = r.Read<long>();
        run.Thaw(ref r);
        foreach (var part in parts) Restore(ref r, part);
        foreach (var random in run.Randoms) Restore(ref r, random);
        foreach (var stage in run.Stages) Restore(ref r, stage as IFreezable);
        Restore(ref r, sample as IFreezable);
        Restore(ref r, percept as IFreezable);
        r.End();
    }

    private static void Section(StateWriter writer, ArrayBufferWriter<byte> section, IFreezable? part)
    {
        section.ResetWrittenCount();
        part?.Freeze(section);
        writer.WriteSpan(section.WrittenSpan);
    }

    private static void Restore(ref StateReader reader, IFreezable? part)
    {
        var bytes = reader.ReadBytes();
        part?.Thaw(bytes);
    }
}
