using System.Buffers;

namespace EdgeAutonomy.Runtime;

/// <summary>Writes and reads a loop's keyframe: named sections, each with its length, so that a mismatch is found and named.</summary>
internal sealed class LoopKeyframe
{
    // Kept, so that only the first keyframes of a run grow it: keyframes are written on the loop thread.
    private readonly ArrayBufferWriter<byte> _section = new(1 << 16);

    public void Freeze(IBufferWriter<byte> writer, in LoopMemory memory, long completed, StageRunner run, ReadOnlySpan<IFreezable> parts, object? sample, object? percept)
    {
        var w = new StateWriter(writer);
        w.Write(memory);
        w.Write(completed);
        run.Freeze(w);
        foreach (var part in parts) Section(w, part);
        foreach (var random in run.Randoms) Section(w, random);
        foreach (var stage in run.Stages) Section(w, stage as IFreezable);
        Section(w, sample as IFreezable);
        Section(w, percept as IFreezable);
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

    private void Section(StateWriter writer, IFreezable? part)
    {
        _section.ResetWrittenCount();
        part?.Freeze(_section);
        writer.WriteSpan(_section.WrittenSpan);
    }

    private static void Restore(ref StateReader reader, IFreezable? part)
    {
        var bytes = reader.ReadBytes();
        part?.Thaw(bytes);
    }
}
