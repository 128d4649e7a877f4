using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Simulation;

/// <summary>All sensors of a robot in a <see cref="World"/> as one sensor of a loop.</summary>
/// <remarks>
/// <para>Moves the world to the cycle's time first, so a single loop needs no one else to do it; several loops are run in the order of their
/// deadlines. Events are those of [last reading, now); a scan is taken in the first cycle after one fell due.</para>
/// <para>Sensing requests: sectors and scan rate hold at once. Region and threshold are set on the camera now; the events handed out in this
/// cycle were made under the old setting and are cut to the new region, which is what <see cref="SensorReport.Applied"/> says.
/// Unsensed beams are NaN.</para>
/// <para>Loop thread; allocation-free.</para>
/// </remarks>
public sealed class RoverSensor : ISensor<RoverSample>
{
    private readonly World _world;
    private readonly Rover _rover;
    private readonly Faults _faults;
    private readonly EnergyModel _energy;
    private readonly EventPacket? _packet;
    private readonly int _eventCapacity;
    private readonly bool _ranging;
    private readonly RoverPost? _post;
    private double _rateHz;

    /// <summary>Binds a robot's sensors and switches its camera on.</summary>
    /// <param name="world">The world.</param>
    /// <param name="robot">Which of its robots.</param>
    /// <param name="ranging">False leaves the range sensor off: scans have no beams.</param>
    /// <param name="faults">Faults to play; null = none.</param>
    /// <param name="energy">What sensing costs; null = the defaults.</param>
    /// <param name="eventCapacity">The most events per cycle.</param>
    /// <param name="camera">False leaves the event camera off: there are no events, and nothing is rendered.</param>
    /// <param name="post">Where goals come from and reports go to; null = the world's own goals only.</param>
    public RoverSensor(World world, int robot, bool ranging = true, Faults? faults = null, EnergyModel? energy = null, int eventCapacity = 1 << 16, bool camera = true, RoverPost? post = null)
    {
        ArgumentNullException.ThrowIfNull(world);
        _world = world;
        _rover = world.Robots[robot];
        _faults = faults ?? Faults.None;
        _energy = energy ?? new EnergyModel();
        _eventCapacity = eventCapacity;
        _post = post;
        _ranging = ranging && world.Scenario.Scan.Beams > 0;
        _rateHz = world.Scenario.Scan.RateHz;
        _rover.CameraOn = camera && _rover.Camera is not null;
        if (_rover.CameraOn) _packet = new EventPacket(eventCapacity);
        Name = $"{_rover.Name}.senses";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Gets the total energy of sensing in joule.</summary>
    public double EnergyJoules { get; private set; }

    /// <summary>Makes a sample of the right size.</summary>
    public RoverSample CreateSample() => new(_eventCapacity, _ranging ? _world.Scenario.Scan.Beams : 0);

    /// <inheritdoc/>
    public StageStatus Sense(in SensingRequest request, ref RoverSample sample, ref SensorReport report, in CycleContext context)
    {
        _world.AdvanceTo(context.Now);
        // Before anything can fail: whoever gave the goal must hear of a robot whose sensors are gone, too.
        _post?.Serve(_world, _rover);
        var now = context.Now;
        if (Present(_faults.SensorUnavailable, now)) return StageStatus.Failed(FailureCode.Unavailable);
        if (Present(_faults.SensorSilent, now)) return StageStatus.NoOutput;
        var applied = default(SensorApplied);
        ReadEvents(request, sample, ref applied, ref report, now);
        int beams = ReadRanges(request, sample, ref applied, now);
        sample.Imu = _rover.ReadImu();
        sample.Odometry = _rover.Odometry;
        sample.Goal = _rover.Goal;
        sample.Neighbours.CopyFrom(_rover.Neighbours);
        // The built-in world knows where its robots are; a real one has its localisation for that.
        sample.Neighbours.Pose = _rover.Pose;
        if (Present(_faults.OdometryNotANumber, now)) Spoil(sample);
        Account(sample, beams, context.Dt, ref applied);
        report.Applied = applied;
        report.Items = sample.Events.Count;
        report.Trust = 1;
        report.ValidTo = _world.Now;
        return StageStatus.Ok;
    }

    private static bool Present(FaultWindow? fault, Stamp now) => fault is { } window && window.Contains(now);

    private void ReadEvents(in SensingRequest request, RoverSample sample, ref SensorApplied applied, ref SensorReport report, Stamp now)
    {
        applied.EventThreshold = 1;
        if (_packet is null)
        {
            report.ValidFrom = _world.Now;
            return;
        }
        var camera = _rover.Camera!;
        applied.EventThreshold = camera.Model.ThresholdScale;
        report.QueueFill = (float)camera.Pending.Count / camera.Pending.Capacity;
        camera.Read(_world, _rover, _packet);
        report.ValidFrom = Stamp.FromMicroseconds(_packet.StartUs);
        report.Dropped = (uint)Math.Min(_packet.Dropped, uint.MaxValue);
        var before = camera.Model.Region;
        camera.Model.Region = request.IsActive ? request.Region : default;
        if (!request.IsActive) camera.Model.SetThresholdScale(1);
        else if (request.EventThreshold > 0) camera.Model.SetThresholdScale(request.EventThreshold);
        applied.Region = Intersection(before, camera.Model.Region);
        if (Present(_faults.EventsFrozen, now)) return;
        sample.Events.Reset(_packet.StartUs, _packet.EndUs);
        (sample.Events.Width, sample.Events.Height) = (_packet.Width, _packet.Height);
        sample.Events.CountDropped(_packet.Dropped);
        if (Present(_faults.EventsMissing, now)) return;
        if (applied.Region == before)
        {
            sample.Events.Append(_packet.Events);
            return;
        }
        foreach (ref readonly var e in _packet.Events)
        {
            if (applied.Region.Contains(e.X, e.Y)) sample.Events.Append(e);
        }
    }

    private int ReadRanges(in SensingRequest request, RoverSample sample, ref SensorApplied applied, Stamp now)
    {
        if (!_ranging || sample.Scan.Ranges.Length == 0) return 0;
        if (!request.IsActive) _rateHz = _world.Scenario.Scan.RateHz;
        else if (request.RateHz > 0) _rateHz = Math.Clamp(request.RateHz, 1, 200);
        var sectors = request.IsActive ? request.Sectors : SectorMask.All;
        applied.Sectors = sectors;
        applied.RateHz = (float)_rateHz;
        int fired = _rover.Scan(sample.Scan, sectors, _rateHz);
        if (fired > 0 && Present(_faults.ScanNotANumber, now)) Array.Fill(sample.Scan.Ranges, float.NaN);
        return Math.Max(fired, 0);
    }

    private static void Spoil(RoverSample sample)
    {
        var odometry = sample.Odometry;
        sample.Odometry = odometry with { Pose = new Pose2(double.NaN, double.NaN, double.NaN), Velocity = new Twist2(float.NaN, float.NaN) };
        sample.Imu = sample.Imu with { AngularVelocity = float.NaN };
    }

    private void Account(RoverSample sample, int beams, Duration dt, ref SensorApplied applied)
    {
        double micro = 0, share = 0;
        int sensors = 0;
        if (_packet is not null)
        {
            // mW times s is mJ; 1000 of them make the microjoules.
            micro += 1e3 * _energy.CameraStaticMilliwatt * dt.Seconds + 1e-3 * _energy.EventNanojoule * sample.Events.Count;
            var spec = _world.Scenario.Camera;
            share += applied.Region.IsAll ? 1 : (double)applied.Region.Width * applied.Region.Height / (spec.Width * spec.Height);
            sensors++;
        }
        if (_ranging)
        {
            micro += 1e3 * _energy.ScanStaticMilliwatt * dt.Seconds + beams * _energy.PulseMicrojoule(_world.Scenario.Scan.MaxRange);
            share += (double)applied.Sectors.Population / SectorMask.Count;
            sensors++;
        }
        applied.Coverage = sensors == 0 ? 0 : (float)(share / sensors);
        applied.EnergyMicrojoule = (float)micro;
        EnergyJoules += micro * 1e-6;
    }

    private static PixelRegion Intersection(PixelRegion a, PixelRegion b)
    {
        if (a.IsAll || a == b) return b;
        if (b.IsAll) return a;
        int x0 = Math.Max(a.X, b.X), y0 = Math.Max(a.Y, b.Y), x1 = Math.Min(a.X + a.Width, b.X + b.Width), y1 = Math.Min(a.Y + a.Height, b.Y + b.Height);
        // Nothing in common would read as "all of it"; the events of the old region are the truth then.
        return x1 > x0 && y1 > y0 ? new PixelRegion((ushort)x0, (ushort)y0, (ushort)(x1 - x0), (ushort)(y1 - y0)) : a;
    }
}
