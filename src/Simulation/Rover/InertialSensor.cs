using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Simulation;

/// <summary>A robot's inertial sensor with its driver: noise and bias, and no sample lost between two readings.</summary>
/// <remarks>Allocation-free after construction; one thread.</remarks>
internal sealed class InertialSensor(RoverSpec spec, RandomStream noise)
{
    private readonly double _bias = spec.GyroBias * noise.NextGaussian();
    private readonly int _ticks = 1000 / spec.ImuHz;
    private double _speed, _turnSum;
    private int _turns;

    /// <summary>Gets the newest sample.</summary>
    public ImuSample Newest { get; private set; }

    /// <summary>Takes a sample where one is due.</summary>
    /// <param name="tick">The world's tick.</param>
    /// <param name="now">Its instant.</param>
    /// <param name="speed">True speed ahead, metres per second.</param>
    /// <param name="turnRate">True turn rate, radians per second.</param>
    /// <param name="dt">Seconds per tick.</param>
    public void Tick(long tick, Stamp now, double speed, double turnRate, double dt)
    {
        if (tick % _ticks != 0) return;
        double ahead = (speed - _speed) / (_ticks * dt);
        _speed = speed;
        float turn = (float)(turnRate + _bias + spec.GyroNoise * noise.NextGaussian());
        (_turnSum, _turns) = (_turnSum + turn, _turns + 1);
        Newest = new ImuSample(now, (float)(ahead + spec.AccelerationNoise * noise.NextGaussian()), (float)(speed * turnRate + spec.AccelerationNoise * noise.NextGaussian()), turn);
    }

    /// <summary>Reads the newest sample with the mean turn rate of all samples since the last reading: turned by it for that long, nothing of a turn is lost, however long nobody looked.</summary>
    public ImuSample Read()
    {
        if (_turns > 0) Newest = Newest with { AngularVelocity = (float)(_turnSum / _turns) };
        (_turnSum, _turns) = (0, 0);
        return Newest;
    }

    public void Freeze(in StateWriter w)
    {
        w.Write(_speed);
        w.Write(_turnSum);
        w.Write(_turns);
        w.Write(Newest.Time.Nanoseconds);
        w.Write(Newest.AccelerationX);
        w.Write(Newest.AccelerationY);
        w.Write(Newest.AngularVelocity);
        w.Write(noise);
    }

    public void Thaw(ref StateReader r)
    {
        (_speed, _turnSum, _turns) = (r.Read<double>(), r.Read<double>(), r.ReadInt32(0, int.MaxValue));
        Newest = new ImuSample(new Stamp(r.Read<long>()), r.Read<float>(), r.Read<float>(), r.Read<float>());
        r.Read(noise);
    }

    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(_speed);
        hasher.Add(_turnSum);
        hasher.Add(_turns);
        Newest.AddTo(ref hasher);
        noise.AddTo(ref hasher);
    }
}
