using System.Buffers;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Runtime.Messages;

/// <summary>What a vision stage made of a packet of events: boxes about fast things and one estimate per sector.</summary>
public sealed class Percept : IPayload, IFreezable
{
    private readonly PixelBox[] _boxes;

    /// <summary>Makes an empty percept.</summary>
    /// <param name="sectors">How many sectors the image is cut into, from left to right.</param>
    /// <param name="maxBoxes">The most boxes kept; more are counted in <see cref="BoxesDropped"/>.</param>
    public Percept(int sectors, int maxBoxes = 32)
    {
        Sectors = new SectorEstimate[sectors];
        _boxes = new PixelBox[maxBoxes];
    }

    /// <summary>Gets the sector estimates, [sector], sector 0 = left edge of the image.</summary>
    public SectorEstimate[] Sectors { get; }

    /// <summary>Gets the most boxes it can hold.</summary>
    public int MaxBoxes => _boxes.Length;

    /// <summary>Gets the boxes.</summary>
    public ReadOnlySpan<PixelBox> Boxes => _boxes.AsSpan(0, BoxCount);

    /// <summary>Gets how many boxes there are.</summary>
    public int BoxCount { get; private set; }

    /// <summary>Gets how many boxes did not fit.</summary>
    public int BoxesDropped { get; private set; }

    /// <summary>Events of the packet.</summary>
    public int EventCount;

    /// <summary>Newest odometry, passed on for the policy.</summary>
    public Odometry Odometry;

    /// <summary>Turn rate from the gyroscope, radians per second: the mean since the cycle before.</summary>
    public float AngularVelocity;

    /// <summary>The goal, passed on for the policy.</summary>
    public Goal Goal;

    /// <summary>The ranges, passed on for the policy; null when the robot has none.</summary>
    public RangeScan? Scan;

    /// <summary>The robots of the fleet that are near, passed on for the policy; null where the sample has none.</summary>
    public Neighbourhood? Neighbours;

    /// <summary>Forgets all boxes.</summary>
    public void ClearBoxes() => (BoxCount, BoxesDropped) = (0, 0);

    /// <summary>Adds a box, or counts it as dropped when there are too many.</summary>
    public void AddBox(in PixelBox box)
    {
        if (BoxCount < _boxes.Length) _boxes[BoxCount++] = box;
        else BoxesDropped++;
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        foreach (ref readonly var s in Sectors.AsSpan())
        {
            hasher.Add(s.TimeToContact);
            hasher.Add(s.Confidence);
            hasher.Add(s.Range);
            hasher.Add(s.EventRate);
        }
        hasher.AddBytes(MemoryMarshal.AsBytes(Boxes));
        hasher.Add(EventCount);
        hasher.Add(BoxesDropped);
        Odometry.AddTo(ref hasher);
        hasher.Add(AngularVelocity);
        Goal.AddTo(ref hasher);
    }

    /// <summary>Writes everything but <see cref="Scan"/> and <see cref="Neighbours"/>, which are part of the sample.</summary>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(Odometry);
        w.Write(Goal.Id);
        w.Write(Goal.X);
        w.Write(Goal.Y);
        w.Write(Goal.Radius);
        w.Write(AngularVelocity);
        w.Write(EventCount);
        w.Write(BoxesDropped);
        w.WriteSpan<SectorEstimate>(Sectors);
        w.WriteSpan(Boxes);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "Percept");
        Odometry = r.Read<Odometry>();
        Goal = new Goal(r.Read<int>(), r.Read<double>(), r.Read<double>(), r.Read<float>());
        AngularVelocity = r.Read<float>();
        EventCount = r.Read<int>();
        BoxesDropped = r.Read<int>();
        r.ReadSpan<SectorEstimate>(Sectors);
        BoxCount = r.ReadUpTo<PixelBox>(_boxes);
        r.End();
    }
}
