using System.Buffers;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host;

/// <summary>A policy that keeps clear of the robots of its fleet in the last metres: what the inner policy decides, bent by <see cref="Orca"/> where it would come too near to one of them.</summary>
/// <remarks>
/// <para>The inner policy sees other robots as obstacles, where its sensors reach; this one knows from their beacons where they go, and that they give way too. What the range sensor sees and no
/// robot explains counts as wall. Without a range sensor nothing is known of walls, and the robot is only slowed down, never turned.</para>
/// <para>A robot that stands, or turns on the spot, stays as it is: others count on that (<see cref="FleetFlags.Cooperating"/> is off then). Without neighbours nothing changes, not even a bit. No state of its own: decisions follow from the sample and
/// replay exactly. Loop thread; 0 bytes a cycle.</para>
/// </remarks>
/// <param name="inner">Decides.</param>
/// <param name="maxSpeed">The greatest speed commanded, m/s.</param>
/// <param name="radius">Radius of the disc that holds the robot, metres.</param>
/// <param name="choice">When it gives way.</param>
internal sealed class OrcaPolicy(IPolicy<Percept, Twist2> inner, double maxSpeed, double radius, GiveWayChoice choice) : IPolicy<Percept, Twist2>, IFreezable, IPayload
{
    private const int Bins = 36;

    // Slower than this nobody is run into; a robot that turns on the spot takes no more floor than one that stands.
    private const float Standing = 0.02f;

    // How much wider than its disc another robot may look to the range sensor: its place is as old as its beacon.
    private const double Blur = 0.25;

    // From constant velocity a robot strays by at most ½·a·t²: 2.5 m/s² are full turn rate at full speed.
    private const double Agility = 2.5;

    private static readonly Duration WallHorizon = Duration.FromMilliseconds(700), Recheck = Duration.FromMilliseconds(100);

    private readonly Orca _orca = new(new OrcaOptions { MaxSpeed = maxSpeed, Horizon = Duration.FromSeconds(2), WallHorizon = WallHorizon });
    private readonly DifferentialDrive _drive = new(maxSpeed, 2.0, Duration.FromMilliseconds(300), 0.05);
    private readonly OrcaNeighbour[] _neighbours = new OrcaNeighbour[Neighbourhood.Capacity];
    private readonly WallSegment[] _walls = new WallSegment[Bins];

    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public StageReplay Replay => inner.Replay;

    /// <inheritdoc/>
    public void Start() => inner.Start();

    /// <inheritdoc/>
    public void Stop() => inner.Stop();

    /// <inheritdoc/>
    public StageStatus Decide(in Percept percept, ref Decision<Twist2> decision, in CycleContext context)
    {
        var status = inner.Decide(percept, ref decision, context);
        bool gives = choice == GiveWayChoice.Always || (choice == GiveWayChoice.Blind && percept.Scan is null);
        if (gives && percept.Neighbours is { Count: > 0 } near && status.HasOutput && decision.Action.Linear > Standing) GiveWay(percept, near, ref decision, context.Now);
        return status;
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer) => (inner as IFreezable)?.Freeze(writer);

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state) => (inner as IFreezable)?.Thaw(state);

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher) => (inner as IPayload)?.AddTo(ref hasher);

    private void GiveWay(Percept percept, Neighbourhood near, ref Decision<Twist2> decision, Stamp now)
    {
        int count = TakeNeighbours(near, now);
        if (count == 0) return;
        var pose = near.Pose;
        (double sin, double cos) = DeterministicMath.SinCos(pose.Heading);
        Vector2D ahead = new(cos, sin);
        int walls = TakeWalls(percept.Scan, pose, count);
        var self = new OrcaSelf(near.Key, new Vector2D(pose.X, pose.Y), ahead * percept.Odometry.Velocity.Linear, pose.Heading, radius + _drive.TrackingError, ahead * decision.Action.Linear);
        // First without walls: the inner policy keeps clear of those better than we do.
        if (_orca.Choose(self, _neighbours.AsSpan(0, count), []).Outcome == OrcaOutcome.Free)
        {
            if (decision.PeriodLimit > Recheck * 2) decision.PeriodLimit = Recheck * 2;
            return;
        }
        var chosen = _orca.Choose(self, _neighbours.AsSpan(0, count), _walls.AsSpan(0, walls)).Velocity;
        float turn = decision.Action.Angular;
        decision.Action = percept.Scan is null
            ? new Twist2((float)Math.Clamp(Vector2D.Dot(chosen, ahead), 0, decision.Action.Linear), turn)
            : chosen.Length < Standing ? new Twist2(0, turn) : _drive.Map(chosen, pose.Heading, out _);
        if (decision.PeriodLimit > Recheck) decision.PeriodLimit = Recheck;
    }

    private int TakeNeighbours(Neighbourhood near, Stamp now)
    {
        int count = 0;
        foreach (ref readonly var robot in near.Robots)
        {
            var age = Duration.Max(now - robot.Time, Duration.Zero);
            double seconds = age.Seconds;
            _neighbours[count] = new OrcaNeighbour(
                robot.Key, new Vector2D(robot.X, robot.Y), new Vector2D(robot.VelocityX, robot.VelocityY), robot.Radius, Math.Min(maxSpeed, Agility / 2 * seconds), 0, age, robot.Cooperates);
            count++;
        }
        return count;
    }

    private int TakeWalls(RangeScan? scan, in Pose2 pose, int neighbours)
    {
        if (scan is null || scan.Time == Stamp.Never) return 0;
        int count = 0, beams = scan.Ranges.Length, width = (beams + Bins - 1) / Bins;
        double reach = radius + maxSpeed * WallHorizon.Seconds;
        for (int begin = 0; begin < beams; begin += width)
        {
            double nearest = double.PositiveInfinity;
            Vector2D place = default;
            for (int beam = begin; beam < Math.Min(beams, begin + width); beam++)
            {
                double range = scan.Ranges[beam];
                if (!(range < reach && range < nearest)) continue;
                (double sin, double cos) = DeterministicMath.SinCos(pose.Heading + scan.Bearing(beam));
                Vector2D hit = new(pose.X + range * cos, pose.Y + range * sin);
                if (IsRobot(hit, neighbours)) continue;
                (nearest, place) = (range, hit);
            }
            if (nearest < reach) _walls[count++] = new WallSegment(place, place);
        }
        return count;
    }

    private bool IsRobot(Vector2D hit, int neighbours)
    {
        for (int i = 0; i < neighbours; i++)
        {
            ref readonly var robot = ref _neighbours[i];
            if (Vector2D.Distance(hit, robot.Position + robot.Velocity * robot.Age.Seconds) < robot.Radius + Blur) return true;
        }
        return false;
    }
}
