using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Simulation;

/// <summary>Two mailboxes between a rover's loop and somebody on another thread, such as a mission agent: goals go in, reports come out.</summary>
/// <remarks>
/// <para>The loop's sensor takes the newest goal at the start of a cycle, so that it stands in that cycle's sample and a recording replays without whoever gave it.</para>
/// <para>Goals are given and reports are read by any number of threads (a lock between them); the loop's side is wait-free and allocates nothing.</para>
/// </remarks>
public sealed class RoverPost
{
    private readonly LatestValue<RoverOrder> _orders = new("goal");
    private readonly LatestValue<RoverReport> _reports = new("report");
    private readonly LatestValue<PuppetPose[]>? _others;
    private readonly LatestValue<Neighbourhood> _neighbours = new("neighbours", () => new Neighbourhood());
    private readonly Lock _gate = new();
    private Goal _last;
    private long _sent, _served;

    /// <summary>Makes mailboxes.</summary>
    /// <param name="robots">How many robots the world has whose poses may be told from outside; 0 = none.</param>
    public RoverPost(int robots = 0)
    {
        if (robots > 0) _others = new LatestValue<PuppetPose[]>("others", () => new PuppetPose[robots]);
    }

    /// <summary>Tells the loop's world where robots are that other worlds move (<see cref="Rover.Place"/>).</summary>
    /// <param name="poses">By robot; those without a pose stay as they are. At most as many as the world has.</param>
    public void Place(ReadOnlySpan<PuppetPose> poses)
    {
        if (_others is null) throw new InvalidOperationException("This post was made without other robots.");
        lock (_gate)
        {
            poses.CopyTo(_others.Back);
            _others.Publish();
        }
    }

    /// <summary>Tells the rover which robots of its fleet are near.</summary>
    /// <param name="neighbours">Who, with times of the loop (<see cref="RoverReport.Time"/>); copied.</param>
    public void Tell(Neighbourhood neighbours)
    {
        lock (_gate)
        {
            _neighbours.Back.CopyFrom(neighbours);
            _neighbours.Publish();
        }
    }

    /// <summary>Sends the rover somewhere, instead of where it was going; <see cref="Goal.None"/> brings it to rest.</summary>
    /// <param name="goal">The goal.</param>
    public void Send(in Goal goal)
    {
        lock (_gate)
        {
            _last = goal;
            _orders.Publish(new RoverOrder(++_sent, goal));
        }
    }

    /// <summary>Returns the newest report.</summary>
    /// <param name="pending">The goal that was sent and that the report does not know of yet; null when it knows all.</param>
    public RoverReport Read(out Goal? pending)
    {
        lock (_gate)
        {
            _reports.TryTake(out var report);
            pending = report.Orders == _sent ? null : _last;
            return report;
        }
    }

    /// <summary>Takes the newest goal and reports. Loop thread.</summary>
    internal void Serve(World world, Rover rover)
    {
        if (_others is not null && _others.TryTake())
        {
            for (int i = 0; i < _others.Front.Length; i++)
            {
                ref readonly var other = ref _others.Front[i];
                if (other.IsKnown && i != rover.Index) world.Robots[i].Place(other.Pose, other.Vx, other.Vy);
            }
        }
        if (_neighbours.TryTake()) rover.Neighbours.CopyFrom(_neighbours.Front);
        if (_orders.TryTake(out var order))
        {
            rover.SetGoal(order.Goal);
            _served = order.Number;
        }
        _reports.Publish(new RoverReport(_served, rover.Odometry.Time, rover.Pose, rover.Velocity, rover.Goal));
    }

    private readonly record struct RoverOrder(long Number, Goal Goal);
}
