using System.Buffers;

namespace EdgeAutonomy.Perception;

/// <summary>Remembers where the camera was during the last second, on a fixed grid of time slots, by dead reckoning from gyroscope and wheels.</summary>
/// <remarks>
/// Slots are tied to absolute time, so how time is cut into packets hardly matters. Only differences over a window of events are used; the
/// drift of the sum is of no concern. Not thread-safe; allocates only when made.
/// </remarks>
internal sealed class EgoTrack
{
    internal const int Slots = 1024;
    internal const long SlotUs = 1000;

    private readonly double[] _x = new double[Slots], _y = new double[Slots], _heading = new double[Slots];
    private readonly double _mountForward, _mountYaw;
    private double _robotX, _robotY, _robotHeading;
    private float _speed, _turnRate;

    internal EgoTrack(CameraGeometry camera)
    {
        _mountForward = camera.MountForward;
        _mountYaw = camera.MountYaw;
    }

    /// <summary>Gets the time up to which the track goes, in microseconds.</summary>
    internal long EndUs { get; private set; }

    /// <summary>Gets whether anything was tracked yet.</summary>
    internal bool HasStarted { get; private set; }

    /// <summary>Gets the first slot that is known; events before it have no pose.</summary>
    internal long FirstSlot { get; private set; }

    /// <summary>Gets the newest slot that is known.</summary>
    internal long LastSlot { get; private set; }

    /// <summary>Gets the camera's present place and heading in the frame of the track.</summary>
    internal double X { get; private set; }

    /// <summary>Gets the camera's present y.</summary>
    internal double Y { get; private set; }

    /// <summary>Gets the optical axis' present heading in radians, not wrapped.</summary>
    internal double Heading { get; private set; }

    internal double SlotX(long slot) => _x[slot & (Slots - 1)];

    internal double SlotY(long slot) => _y[slot & (Slots - 1)];

    internal double SlotHeading(long slot) => _heading[slot & (Slots - 1)];

    internal bool IsKnown(long slot) => slot >= FirstSlot && slot <= LastSlot && LastSlot - slot < Slots;

    /// <summary>Goes on to a time, with the mean of the twist before and the newest one. Time that goes back or leaps starts the track over.</summary>
    internal void Advance(long startUs, long endUs, float speed, float turnRate)
    {
        if (!HasStarted || endUs <= EndUs || endUs - EndUs > Slots * SlotUs / 2)
        {
            (_speed, _turnRate) = (speed, turnRate);
            EndUs = startUs;
            FirstSlot = SlotOf(startUs);
            LastSlot = FirstSlot - 1;
            HasStarted = true;
        }
        double v = 0.5 * (_speed + speed), w = 0.5 * (_turnRate + turnRate);
        for (long slot = LastSlot + 1; slot <= SlotOf(endUs - 1); slot++)
        {
            double t = (slot * SlotUs + SlotUs / 2 - EndUs) * 1e-6;
            long i = slot & (Slots - 1);
            _heading[i] = _robotHeading + w * t;
            Place(t, v, w, out _x[i], out _y[i]);
            Mount(ref _x[i], ref _y[i], ref _heading[i]);
            LastSlot = slot;
        }
        double dt = (endUs - EndUs) * 1e-6;
        Place(dt, v, w, out _robotX, out _robotY);
        _robotHeading += w * dt;
        double x = _robotX, y = _robotY, heading = _robotHeading;
        Mount(ref x, ref y, ref heading);
        (X, Y, Heading) = (x, y, heading);
        EndUs = endUs;
        (_speed, _turnRate) = (speed, turnRate);
    }

    internal static long SlotOf(long timeUs) => timeUs >= 0 ? timeUs / SlotUs : (timeUs - SlotUs + 1) / SlotUs;

    internal void AddTo(ref StateHasher hasher)
    {
        hasher.Add(EndUs);
        hasher.Add(_robotX);
        hasher.Add(_robotY);
        hasher.Add(_robotHeading);
        hasher.Add(FirstSlot);
        hasher.Add(LastSlot);
        hasher.Add(_speed);
        hasher.Add(_turnRate);
    }

    internal void Freeze(IBufferWriter<byte> writer)
    {
        var state = new StateWriter(writer);
        state.Write(HasStarted);
        state.Write(EndUs);
        state.Write(FirstSlot);
        state.Write(LastSlot);
        state.Write(_robotX);
        state.Write(_robotY);
        state.Write(_robotHeading);
        state.Write(X);
        state.Write(Y);
        state.Write(Heading);
        state.Write(_speed);
        state.Write(_turnRate);
        state.WriteSpan<double>(_x);
        state.WriteSpan<double>(_y);
        state.WriteSpan<double>(_heading);
    }

    internal void Thaw(ref StateReader reader)
    {
        HasStarted = reader.ReadBoolean();
        EndUs = reader.Read<long>();
        FirstSlot = reader.Read<long>();
        LastSlot = reader.Read<long>();
        _robotX = reader.Read<double>();
        _robotY = reader.Read<double>();
        _robotHeading = reader.Read<double>();
        X = reader.Read<double>();
        Y = reader.Read<double>();
        Heading = reader.Read<double>();
        _speed = reader.Read<float>();
        _turnRate = reader.Read<float>();
        reader.ReadSpan<double>(_x);
        reader.ReadSpan<double>(_y);
        reader.ReadSpan<double>(_heading);
    }

    /// <summary>Gives the robot's place after a time of constant twist, by the chord in the direction of the middle heading (third order).</summary>
    private void Place(double t, double v, double w, out double x, out double y)
    {
        double middle = _robotHeading + 0.5 * w * t;
        x = _robotX + v * t * DeterministicMath.Cos(middle);
        y = _robotY + v * t * DeterministicMath.Sin(middle);
    }

    private void Mount(ref double x, ref double y, ref double heading)
    {
        if (_mountForward != 0)
        {
            x += _mountForward * DeterministicMath.Cos(heading);
            y += _mountForward * DeterministicMath.Sin(heading);
        }
        heading += _mountYaw;
    }
}
