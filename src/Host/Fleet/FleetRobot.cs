using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Perception;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>One robot of a fleet over a real broker: loop, body, link and work, in real time. Several may run in one process, or each in its own.</summary>
/// <remarks>Its loop has a thread, its share in the fleet another, which also tells the world where the body is. Killed and started again it takes up its promises, but stands where its body stood.</remarks>
internal sealed class FleetRobot : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan TruthEvery = TimeSpan.FromMilliseconds(50);

    private readonly int _index;
    private readonly RoverPost _post;
    private readonly PostedMissionRobot _body;
    private readonly LoopThread _loop;
    private readonly World _world;
    private readonly FleetMember _member;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly PuppetPose[] _others;
    private readonly byte[] _datagram = new byte[8192];
    private readonly ManualResetEventSlim _news = new();
    private readonly Thread _thread;
    private readonly Action<string> _say;
    private volatile bool _ended;
    private long _heard = Stopwatch.GetTimestamp();

    /// <summary>Makes a robot and starts it.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="index">Which robot, from 0.</param>
    /// <param name="say">Told what a person should know, in one sentence.</param>
    /// <exception cref="EdgeException">The MQTT library or the folder of promises is missing.</exception>
    public FleetRobot(FleetPlan plan, int index, Action<string> say)
    {
        string name = plan.Names()[index];
        (_index, _say, _others, _post) = (index, text => say($"{name}: {text}"), new PuppetPose[plan.Robots], new RoverPost(plan.Robots));
        _body = new PostedMissionRobot(_post);
        var yard = plan.Yard();
        _world = new World(Placed(yard, plan, index));
        string folder = Path.Combine(plan.Folder, name);
        Directory.CreateDirectory(folder);
        try
        {
            var store = new FilePromiseStore(Path.Combine(folder, "promises"));
            var roster = MemoryFleet.RosterOf(plan.Names());
            // A simulated robot is new when its folder is; on a real one a person admits it.
            if (store.IsFresh) roster.Admit(store);
            var options = new Agents.FleetOptions { Site = plan.Site, Robot = name, Roster = roster, Seed = plan.Seed + (ulong)index, Software = ProgramVersion.Text, Lease = FleetJobs.Lease };
            _member = new FleetMember(options, store, TimeProvider.System, p => Links.Open(Links.Options(plan.Brokers[index], plan.Site, p, (ulong)index)),
                _body, Beacon, new FileEffects(Path.Combine(plan.Folder, "effects"), name), Now(), _say, site: FleetSite.Of(yard, plan.Names()));
        }
        catch (IOException error)
        {
            throw new EdgeException(ExitCode.Io, $"{name}: {error.Message}", error);
        }
        var built = new LoopFactory(Configuration(plan, yard, index), LoopWiring.None with { Robot = _ => (_world, index), Posts = new Dictionary<string, RoverPost> { [name] = _post } }).Build(name);
        _loop = new LoopThread(built.Loop, built.Clock);
        _loop.Start();
        _socket.Connect(new IPEndPoint(IPAddress.Loopback, plan.WorldPort));
        _socket.Blocking = false;
        _member.Link.Inbox.Arrived += _news.Set;
        _ = _member.Link.StartAsync();
        _thread = new Thread(Run) { IsBackground = true, Name = $"edge-{name}" };
        _thread.Start();
    }

    /// <summary>Gets how long nothing was heard of the world that the bodies are in.</summary>
    public TimeSpan WorldSilence => Stopwatch.GetElapsedTime(Volatile.Read(ref _heard));

    /// <summary>Leaves the fleet and comes to rest.</summary>
    public void Dispose()
    {
        _ended = true;
        _news.Set();
        _thread.Join();
        _loop.Dispose();
        _member.Link.StopAsync(graceful: true).Wait(TimeSpan.FromSeconds(3));
        _member.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(3));
        _socket.Dispose();
        _news.Dispose();
    }

    private static Stamp Now() => new((long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency)));

    // A robot that was started before stands where its body stood; whoever starts it again has written that down.
    private static Scenario Placed(Scenario yard, FleetPlan plan, int index)
    {
        string file = plan.PlaceFile(index);
        if (!File.Exists(file)) return yard;
        try
        {
            double[] at = JsonSerializer.Deserialize<double[]>(File.ReadAllText(file)) ?? [];
            if (at.Length != 3 || !at.All(double.IsFinite)) return yard;
            return yard with { Robots = [.. yard.Robots.Select((r, i) => i == index ? new StartSpec(at[0], at[1], at[2]) : r)] };
        }
        catch (JsonException)
        {
            return yard;
        }
    }

    private static EdgeOptions Configuration(FleetPlan plan, Scenario yard, int index) => new()
    {
        Robot = new RobotSection { Id = plan.Names()[index], Seed = plan.Seed },
        Loops = new Dictionary<string, LoopSection>
        {
            [plan.Names()[index]] = new LoopSection
            {
                Period = PacerChoice.Own.Section,
                WarmUpCycles = 50,
                Sense = new SimulatedRoverSense { Type = "SimulatedRover", MaxAgeMs = 2000, MaxUnseenMs = 2000, Camera = plan.Camera },
                Perceive = new RoverPerceive { Type = "Rover", Perception = plan.Camera ? PerceptionKind.Spiking : PerceptionKind.Dotie },
                Decide = new JointDecide { Type = "Joint", Policy = "rover", MaxSpeedMps = 1, RobotRadiusM = yard.Rover.Radius },
                Act = new SimulatedRoverAct { Type = "SimulatedRover" },
            },
        },
    };

    private Beacon Beacon()
    {
        var report = _post.Read(out _);
        return RoverBeacon.Of(report.Pose, report.Velocity, _world.Scenario.Rover.Radius);
    }

    private void Run()
    {
        long told = 0;
        while (!_ended)
        {
            _news.Wait(Pause);
            _news.Reset();
            try
            {
                if (_body.LoopTime != Stamp.Zero) _member.Step(Now());
                Hear();
                if (Stopwatch.GetElapsedTime(told) < TruthEvery) continue;
                told = Stopwatch.GetTimestamp();
                Tell();
            }
            catch (SocketException)
            {
                // The world is gone: the robot goes on with what it knows, and others will see it stand.
            }
        }
        _body.Stop();
    }

    private void Hear()
    {
        bool any = false;
        while (_socket.Available > 0)
        {
            int length = _socket.Receive(_datagram);
            Volatile.Write(ref _heard, Stopwatch.GetTimestamp());
            try
            {
                foreach (double[] row in JsonSerializer.Deserialize<double[][]>(_datagram.AsSpan(0, length)) ?? [])
                {
                    if (row.Length != 6 || !row.All(double.IsFinite) || row[0] < 0 || row[0] >= _others.Length || (int)row[0] == _index) continue;
                    _others[(int)row[0]] = new PuppetPose(true, new Pose2(row[1], row[2], row[3]), row[4], row[5]);
                    any = true;
                }
            }
            catch (JsonException)
            {
                // Not ours.
            }
        }
        if (any) _post.Place(_others);
    }

    private void Tell()
    {
        var report = _post.Read(out _);
        if (report.Time == Stamp.Zero) return;
        double cos = DeterministicMath.Cos(report.Pose.Heading), sin = DeterministicMath.Sin(report.Pose.Heading);
        var (node, worker, link) = (_member.Node, _member.Worker, _member.Link.Status);
        var truth = new RobotTruth(
            _index, report.Pose.X, report.Pose.Y, report.Pose.Heading, report.Velocity.Linear * cos, report.Velocity.Linear * sin, _world.Scenario.Rover.Radius, _world.Robots[_index].Collisions,
            _loop.Loop.CompletedCycles, worker.Phase, worker.Task?.Id, worker.Done, worker.GivenUp, link.State, link.Reason, node.Members.Members.Count(m => m.State == MemberState.Alive), node.IsCoordinating(Now()),
            LinkRow.Of([_member.Link.Counters]), LatencyUs.Of(_loop.Loop.Statistics.EndToEnd));
        _socket.Send(JsonSerializer.SerializeToUtf8Bytes(truth));
    }
}
