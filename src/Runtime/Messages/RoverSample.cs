using System.Buffers;

namespace EdgeAutonomy.Runtime.Messages;

/// <summary>All that a rover senses in one cycle.</summary>
public sealed class RoverSample : IPayload, IFreezable
{
    /// <summary>Makes an empty sample.</summary>
    /// <param name="eventCapacity">The most events per cycle.</param>
    /// <param name="beams">Beams of the range sensor; 0 = none.</param>
    public RoverSample(int eventCapacity, int beams)
    {
        Events = new EventPacket(eventCapacity);
        Scan = new RangeScan(beams);
    }

    /// <summary>Gets the events since the last cycle.</summary>
    public EventPacket Events { get; }

    /// <summary>Gets the newest range scan; no beams when the robot has no range sensor.</summary>
    public RangeScan Scan { get; }

    /// <summary>The newest inertial measurement.</summary>
    public ImuSample Imu;

    /// <summary>The newest odometry.</summary>
    public Odometry Odometry;

    /// <summary>The goal set by the mission.</summary>
    public Goal Goal;

    /// <summary>Gets the robots of its fleet that are near; empty for a robot that is alone.</summary>
    public Neighbourhood Neighbours { get; } = new();

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        Events.AddTo(ref hasher);
        Scan.AddTo(ref hasher);
        Imu.AddTo(ref hasher);
        Odometry.AddTo(ref hasher);
        Goal.AddTo(ref hasher);
        Neighbours.AddTo(ref hasher);
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(Imu.Time); // field by field: the struct ends in four bytes that have no value
        w.Write(Imu.AccelerationX);
        w.Write(Imu.AccelerationY);
        w.Write(Imu.AngularVelocity);
        w.Write(Odometry);
        w.Write(Goal.Id);
        w.Write(Goal.X);
        w.Write(Goal.Y);
        w.Write(Goal.Radius);
        Scan.Freeze(w);
        Events.Freeze(w);
        Neighbours.Freeze(w);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "Rover sample");
        Imu = new ImuSample(r.Read<Stamp>(), r.Read<float>(), r.Read<float>(), r.Read<float>());
        Odometry = r.Read<Odometry>();
        Goal = new Goal(r.Read<int>(), r.Read<double>(), r.Read<double>(), r.Read<float>());
        Scan.Thaw(ref r);
        Events.Thaw(ref r);
        Neighbours.Thaw(ref r);
        r.End();
    }
}
