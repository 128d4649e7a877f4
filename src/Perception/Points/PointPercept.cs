using System.Buffers;

namespace EdgeAutonomy.Perception;

/// <summary>What a point network said about the window of events that ended last.</summary>
public sealed class PointPercept : IPayload, IFreezable
{
    /// <summary>Makes an empty percept.</summary>
    /// <param name="classes">How many classes, at least 1.</param>
    public PointPercept(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        Scores = new double[classes];
    }

    /// <summary>Gets the scores, [class]; all zero before the first answer.</summary>
    public double[] Scores { get; }

    /// <summary>Gets or sets the class with the highest score; −1 = no answer yet, or the window had too few events.</summary>
    public int Class { get; set; } = -1;

    /// <summary>Gets or sets the softmax of the scores at that class, 0 … 1; not calibrated.</summary>
    public double Confidence { get; set; }

    /// <summary>Gets or sets when the window began, in microseconds.</summary>
    public long StartUs { get; set; }

    /// <summary>Gets or sets when the window ended, in microseconds.</summary>
    public long EndUs { get; set; }

    /// <summary>Gets or sets how many events the window had.</summary>
    public long EventCount { get; set; }

    /// <summary>Gets or sets how many windows have ended so far; it tells a new answer from an old one.</summary>
    public long Windows { get; set; }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        foreach (double s in Scores) hasher.Add(s);
        hasher.Add(Class);
        hasher.Add(Confidence);
        hasher.Add(StartUs);
        hasher.Add(EndUs);
        hasher.Add(EventCount);
        hasher.Add(Windows);
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.WriteSpan<double>(Scores);
        w.Write(Class);
        w.Write(Confidence);
        w.Write(StartUs);
        w.Write(EndUs);
        w.Write(EventCount);
        w.Write(Windows);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "Point percept");
        Thaw(ref r);
        r.End();
    }

    internal void Thaw(ref StateReader r)
    {
        r.ReadSpan<double>(Scores);
        Class = r.ReadInt32(-1, Scores.Length - 1);
        Confidence = r.Read<double>();
        StartUs = r.Read<long>();
        EndUs = r.Read<long>();
        EventCount = r.Read<long>();
        Windows = r.Read<long>();
    }

    internal void CopyFrom(PointPercept other)
    {
        other.Scores.CopyTo(Scores, 0);
        (Class, Confidence, StartUs, EndUs, EventCount, Windows) = (other.Class, other.Confidence, other.StartUs, other.EndUs, other.EventCount, other.Windows);
    }
}
