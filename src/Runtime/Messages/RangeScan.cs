using System.Buffers;

namespace EdgeAutonomy.Runtime.Messages;

/// <summary>Ranges about the robot, one per beam, counter-clockwise.</summary>
/// <remarks>Reusable: the array is overwritten in place. A beam that was not sensed holds NaN, which is not the same as free.</remarks>
public sealed class RangeScan : IPayload, IFreezable
{
    /// <summary>Makes a scan in which nothing was sensed yet.</summary>
    /// <param name="beams">How many beams; 0 = no range sensor.</param>
    public RangeScan(int beams)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(beams);
        Ranges = new float[beams];
        Array.Fill(Ranges, float.NaN);
    }

    /// <summary>Gets the ranges in metres, [beam]; <see cref="MaxRange"/> = nothing hit; NaN = not sensed.</summary>
    public float[] Ranges { get; }

    /// <summary>Gets or sets when the scan was taken.</summary>
    public Stamp Time { get; set; } = Stamp.Never;

    /// <summary>Gets or sets the bearing of beam 0 in radians, in the robot's frame.</summary>
    public float FirstBearing { get; set; }

    /// <summary>Gets or sets the angle between beams in radians.</summary>
    public float BearingStep { get; set; }

    /// <summary>Gets or sets the range in metres beyond which nothing is seen.</summary>
    public float MaxRange { get; set; }

    /// <summary>Returns the bearing of a beam in radians, in the robot's frame.</summary>
    public float Bearing(int beam) => FirstBearing + beam * BearingStep;

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(Time.Nanoseconds);
        foreach (float range in Ranges) hasher.Add(range);
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer) => Freeze(new StateWriter(writer));

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "Range scan");
        Thaw(ref r);
        r.End();
    }

    internal void Freeze(StateWriter w)
    {
        w.Write(Time);
        w.Write(FirstBearing);
        w.Write(BearingStep);
        w.Write(MaxRange);
        w.WriteSpan<float>(Ranges);
    }

    internal void Thaw(ref StateReader r)
    {
        Time = r.Read<Stamp>();
        FirstBearing = r.Read<float>();
        BearingStep = r.Read<float>();
        MaxRange = r.Read<float>();
        r.ReadSpan<float>(Ranges);
    }
}
