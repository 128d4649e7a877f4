namespace EdgeAutonomy.Runtime.Messages;

/// <summary>The robots of the fleet that are near, and where this robot itself is on the map that they share.</summary>
/// <remarks>Reusable: overwritten in place. Empty for a robot that is alone, and then it takes no part in hashes and recordings.</remarks>
public sealed class Neighbourhood : IPayload
{
    /// <summary>The most robots; of more, the nearest are told.</summary>
    public const int Capacity = 16;

    private readonly Neighbour[] _robots = new Neighbour[Capacity];

    /// <summary>Gets the robots, in an order that does not depend on the network (by id).</summary>
    public ReadOnlySpan<Neighbour> Robots => _robots.AsSpan(0, Count);

    /// <summary>Gets how many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Gets or sets where this robot is on the map; its odometry need not agree.</summary>
    public Pose2 Pose { get; set; }

    /// <summary>Gets or sets the hash of this robot's id.</summary>
    public ulong Key { get; set; }

    /// <summary>Forgets all robots.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds a robot.</summary>
    /// <returns>False when there are <see cref="Capacity"/> already, or it has no numbers.</returns>
    public bool Add(in Neighbour robot)
    {
        if (Count == Capacity || !robot.IsValid) return false;
        _robots[Count++] = robot;
        return true;
    }

    /// <summary>Takes everything from another one.</summary>
    public void CopyFrom(Neighbourhood other)
    {
        ArgumentNullException.ThrowIfNull(other);
        other.Robots.CopyTo(_robots);
        (Count, Pose, Key) = (other.Count, other.Pose, other.Key);
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        if (Count == 0) return;
        hasher.Add(Key);
        hasher.Add(Pose.X);
        hasher.Add(Pose.Y);
        hasher.Add(Pose.Heading);
        foreach (ref readonly var robot in Robots)
        {
            hasher.Add(robot.Key);
            hasher.Add(robot.Time.Nanoseconds);
            hasher.Add(robot.X);
            hasher.Add(robot.Y);
            hasher.Add(robot.VelocityX);
            hasher.Add(robot.VelocityY);
            hasher.Add(robot.Radius);
            hasher.Add(robot.Cooperates ? 1 : 0);
        }
    }

    internal void Freeze(StateWriter w)
    {
        if (Count == 0) return;
        w.Write(Count);
        w.Write(Key);
        w.Write(Pose);
        foreach (ref readonly var robot in Robots)
        {
            w.Write(robot.Key);
            w.Write(robot.Time);
            w.Write(robot.X);
            w.Write(robot.Y);
            w.Write(robot.VelocityX);
            w.Write(robot.VelocityY);
            w.Write(robot.Radius);
            w.Write(robot.Cooperates);
        }
    }

    internal void Thaw(ref StateReader r)
    {
        Clear();
        // A robot that was alone, and every recording from before there were fleets, ends here.
        if (r.IsAtEnd) return;
        int count = r.ReadInt32(1, Capacity);
        Key = r.Read<ulong>();
        Pose = r.Read<Pose2>();
        for (int i = 0; i < count; i++)
        {
            var robot = new Neighbour(r.Read<ulong>(), r.Read<Stamp>(), r.Read<double>(), r.Read<double>(), r.Read<float>(), r.Read<float>(), r.Read<float>(), r.ReadBoolean());
            r.Require(Add(robot), "a neighbour");
        }
    }
}
