using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>One robot of a fleet, from its link to its body: node, worker, and what it tells of itself.</summary>
/// <remarks>One thread. Owns the link.</remarks>
internal sealed class FleetMember : IAsyncDisposable
{
    private readonly IMissionRobot _robot;
    private readonly Func<Beacon> _beacon;
    private readonly FleetNeighbours _near = new();

    /// <summary>Joins a fleet; the link is not started.</summary>
    /// <param name="options">How it takes part.</param>
    /// <param name="store">Its promises.</param>
    /// <param name="wall">The wall clock.</param>
    /// <param name="connect">Makes the link from the presence, which gives will, birth and farewell.</param>
    /// <param name="robot">Its body.</param>
    /// <param name="beacon">Where it is and how it moves, for the others.</param>
    /// <param name="effects">Where what it does becomes fact.</param>
    /// <param name="now">Its monotonic time.</param>
    /// <param name="say">Told what a person should know.</param>
    /// <param name="work">Makes what it does at the place of a task, for the body that it must drive; standing there when null.</param>
    /// <param name="site">Zones that it must hold to enter; null = there are none.</param>
    public FleetMember(
        FleetOptions options, IPromiseStore store, TimeProvider wall, Func<FleetPresence, IMqttLink> connect, IMissionRobot robot, Func<Beacon> beacon, ITaskEffects effects, Stamp now, Action<string>? say = null,
        Func<IMissionRobot, ITaskWork>? work = null, FleetSite? site = null)
    {
        _beacon = beacon;
        Presence = new FleetPresence(new FleetTopics(options.Site, options.Robot), store, wall, options.Software, options.Capabilities);
        Link = connect(Presence);
        Node = new FleetNode(Link, Presence, store, options, FleetJobs.Scorer(robot), now);
        if (site?.Zones is { } zones) robot = Zoned = new ZonedRobot(robot, Node, zones, site.Zoned);
        _robot = robot;
        Worker = new FleetWorker(Node, robot, effects, null, say, work?.Invoke(robot));
    }

    /// <summary>Gets who it is on this start.</summary>
    public FleetPresence Presence { get; }

    /// <summary>Gets its link.</summary>
    public IMqttLink Link { get; }

    /// <summary>Gets its place in the fleet.</summary>
    public FleetNode Node { get; }

    /// <summary>Gets what it works at.</summary>
    public FleetWorker Worker { get; }

    /// <summary>Gets its body as it goes about zones; null = there are none.</summary>
    public ZonedRobot? Zoned { get; }

    /// <summary>Takes what arrived, does what is due.</summary>
    public void Step(Stamp now)
    {
        Node.Pose = _beacon();
        // Standing robots need not be heard of as often as those that others must get out of the way of.
        Node.BeaconPeriod = _robot.IsAtRest ? Duration.FromMilliseconds(500) : Duration.FromMilliseconds(200);
        Node.Step(now);
        var near = _near.Find(Node, now, _robot.LoopTime);
        _robot.Tell(near);
        Worker.Step(now);
        Zoned?.Step(now);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Node.Dispose();
        await Link.DisposeAsync();
    }
}
