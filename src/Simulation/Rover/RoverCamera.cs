using System.Buffers;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Simulation;

/// <summary>A robot's event camera: renders only as often as the image moves, and keeps the events until they are read.</summary>
/// <remarks>
/// The world moves in ticks of 1 ms. Image motion since the last frame is bounded from the robot's turn, its way over the nearest depth, and
/// the moving bodies in view; a frame is drawn when the bound reaches <see cref="CameraSpec.MaxMotionPixels"/>, so when to render depends on
/// the world alone, not on how it is advanced. The ground counts as a wall at 0.8 m: it is smooth, nearer parts may move several pixels.
/// </remarks>
internal sealed class RoverCamera
{
    private const double GroundInverse = 1.25, StillPixels = 0.02;
    private readonly CameraSpec _spec;
    private readonly ColumnRenderer _renderer;
    private readonly float[] _frame;
    private double _motion;
    private long _readUs;

    public RoverCamera(CameraSpec spec, ColumnRenderer renderer, ulong seed)
    {
        (_spec, _renderer) = (spec, renderer);
        _frame = new float[spec.Width * spec.Height];
        Model = new EventCameraModel(spec.Width, spec.Height, EventCameraOptions.Preset(spec.Preset), seed, PixelOrder.Columns);
        Pending = new EventPacket(spec.QueueCapacity) { Width = spec.Width, Height = spec.Height };
    }

    public EventCameraModel Model { get; }

    public EventPacket Pending { get; }

    public long Frames { get; private set; }

    public ReadOnlySpan<float> Frame => _frame;

    /// <summary>Follows one tick of the world.</summary>
    public void Tick(World world, Rover rover, double dt)
    {
        if (!Model.Started)
        {
            Capture(world, rover);
            return;
        }
        double focal = _renderer.Focal, inverse = Math.Max(_renderer.NearestInverse, GroundInverse);
        _motion += dt * (1.5 * focal * Math.Abs(rover.TurnRate) + focal * inverse * rover.GroundSpeed + _renderer.BodyFlow);
        if (_motion >= _spec.MaxMotionPixels || world.NowUs - Model.TimeUs >= 1000L * _spec.MaxStepMs) Capture(world, rover);
    }

    /// <summary>Moves the events since the last reading into <paramref name="packet"/>, whose window becomes [last reading, now).</summary>
    public void Read(World world, Rover rover, EventPacket packet)
    {
        long now = world.NowUs;
        if (!Model.Started || _motion >= _spec.ReadMotionPixels && now > Model.TimeUs) Capture(world, rover);
        Model.Hold(now);
        packet.Reset(_readUs, now);
        (packet.Width, packet.Height) = (_spec.Width, _spec.Height);
        packet.Append(Pending.Events);
        packet.CountDropped(Pending.Dropped);
        Pending.Reset(now, now);
        _readUs = now;
    }

    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(_motion);
        w.Write(_readUs);
        w.Write(Frames);
        w.Write(_renderer.NearestInverse);
        w.Write(_renderer.BodyFlow);
        w.WriteSpan<float>(_frame);
        w.Write(Pending.StartUs);
        w.Write(Pending.EndUs);
        w.Write(Pending.Dropped);
        w.WriteSpan(Pending.Events);
        Model.Freeze(writer);
    }

    public void Thaw(ref StateReader r)
    {
        _motion = r.Read<double>();
        _readUs = r.Read<long>();
        Frames = r.Read<long>();
        _renderer.Restore(r.Read<double>(), r.Read<double>());
        r.ReadSpan<float>(_frame);
        Pending.Reset(r.Read<long>(), r.Read<long>());
        Pending.CountDropped(r.Read<long>());
        Pending.Advance(r.ReadUpTo(Pending.Free));
        Model.Thaw(ref r);
    }

    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(_motion);
        hasher.Add(_readUs);
        hasher.Add(_renderer.NearestInverse);
        hasher.Add(_renderer.BodyFlow);
        hasher.Add((ReadOnlySpan<float>)_frame);
        Pending.AddTo(ref hasher);
        Model.AddTo(ref hasher);
    }

    // A frame in which nothing has moved is not drawn again; the pixels still get the time for leak and noise.
    private void Capture(World world, Rover rover)
    {
        if (Model.Started && world.NowUs <= Model.TimeUs) return;
        bool moved = _motion >= StillPixels || !Model.Started || Model.Region != Model.SteppedRegion;
        if (moved)
        {
            var pose = rover.Pose;
            var region = Model.Region;
            int first = region.IsAll ? 0 : region.X, end = region.IsAll ? _spec.Width : region.X + region.Width;
            _renderer.Draw(_frame, pose.X, pose.Y, rover.Cos, rover.Sin, world.Map.Walls, world.Bodies, world.BodyOf(rover), first, end);
            _motion = 0;
            Frames++;
        }
        Model.Step(_frame, world.NowUs, Pending);
    }
}
