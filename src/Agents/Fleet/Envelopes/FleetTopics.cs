namespace EdgeAutonomy.Agents;

/// <summary>The topics of one site, seen from one robot (docs/fleet.md, topics).</summary>
/// <remarks>Everything a robot writes lies below <c>r/ROBOT/</c> (and <c>cell</c>, <c>fl</c>), as the broker's access rules demand; so the sender of a message is the one in its topic. Immutable.</remarks>
public sealed class FleetTopics
{
    /// <summary>The longest name of a robot.</summary>
    public const int MaxRobotName = FleetNames.MaxRobot;

    /// <summary>The longest name of a task.</summary>
    public const int MaxTaskName = FleetNames.MaxTask;

    private readonly byte[] _prefix;

    /// <summary>Makes the topics.</summary>
    /// <param name="site">The name of the site, 1 to 24 of [A-Za-z0-9_.:-].</param>
    /// <param name="robot">The robot, 1 to 32 of the same characters.</param>
    /// <exception cref="ArgumentException">A name breaks the rule.</exception>
    public FleetTopics(string site, string robot)
    {
        ArgumentNullException.ThrowIfNull(site);
        ArgumentNullException.ThrowIfNull(robot);
        if (!FleetNames.IsName(site, 24)) throw new ArgumentException($"Site '{UntrustedText.Clean(site, 60)}' is no name; must be 1 to 24 of [A-Za-z0-9_.:-].", nameof(site));
        if (!FleetNames.IsName(robot, MaxRobotName))
            throw new ArgumentException($"Robot '{UntrustedText.Clean(robot, 60)}' is no name; must be 1 to {MaxRobotName} of [A-Za-z0-9_.:-].", nameof(robot));
        Robot = robot;
        Root = $"ea/v1/{site}/";
        _prefix = System.Text.Encoding.ASCII.GetBytes(Root);
        Status = Own("status");
        BeaconTopic = Own("beacon");
        Cbba = Own("cbba");
        Heartbeat = Own("hb");
    }

    /// <summary>Gets the robot.</summary>
    public string Robot { get; }

    /// <summary>Gets what all topics of the site begin with, slash included.</summary>
    public string Root { get; }

    /// <summary>Gets where the robot says whether it is there; retained, and its will.</summary>
    public LinkTopic Status { get; }

    /// <summary>Gets where the robot says where it is.</summary>
    public LinkTopic BeaconTopic { get; }

    /// <summary>Gets where the robot says which tasks it thinks are whose.</summary>
    public LinkTopic Cbba { get; }

    /// <summary>Gets where the coordinator beats.</summary>
    public LinkTopic Heartbeat { get; }

    /// <summary>Makes a topic in the robot's own subtree.</summary>
    /// <param name="below">The levels below <c>r/ROBOT/</c>, such as <c>plan</c>.</param>
    public LinkTopic Own(string below) => LinkTopic.Parse($"{Root}r/{Robot}/{below}");

    /// <summary>Makes the topic of a task.</summary>
    public LinkTopic Task(string task) => LinkTopic.Parse($"{Root}task/{task}");

    /// <summary>Makes a filter of the site.</summary>
    /// <param name="below">What follows the root, such as <c>r/+/plan</c>.</param>
    public LinkFilter Filter(string below) => LinkFilter.Parse(Root + below);

    /// <summary>Takes a topic apart: 0 bytes allocated.</summary>
    /// <param name="topic">Any bytes.</param>
    /// <param name="address">What was read; default when false.</param>
    /// <returns>False when it is not of this site.</returns>
    internal bool TryRead(ReadOnlySpan<byte> topic, out FleetAddress address)
    {
        address = default;
        if (!topic.StartsWith(_prefix)) return false;
        topic = topic[_prefix.Length..];
        var first = Level(ref topic);
        if (first.SequenceEqual("r"u8))
        {
            var robot = Level(ref topic);
            var stream = Level(ref topic);
            if (robot.IsEmpty || stream.IsEmpty) return false;
            address = new FleetAddress(robot, stream, topic);
            return true;
        }
        if (first.SequenceEqual("cell"u8))
        {
            // cell/COLUMN/ROW/ROBOT
            var column = Level(ref topic);
            var row = Level(ref topic);
            var robot = Level(ref topic);
            if (column.IsEmpty || row.IsEmpty || robot.IsEmpty || !topic.IsEmpty) return false;
            address = new FleetAddress(robot, "cell"u8, default);
            return true;
        }
        if (!first.SequenceEqual("task"u8) || topic.IsEmpty) return false;
        address = new FleetAddress(default, "task"u8, topic);
        return true;
    }

    private static ReadOnlySpan<byte> Level(scoped ref ReadOnlySpan<byte> topic)
    {
        int slash = topic.IndexOf((byte)'/');
        var level = slash < 0 ? topic : topic[..slash];
        topic = slash < 0 ? default : topic[(slash + 1)..];
        return level;
    }
}
