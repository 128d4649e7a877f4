using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Recording;

/// <summary>Takes the surroundings from the thread that moves the simulated world to the recorder and the live view.</summary>
public sealed class MapLane : RecordLane
{
    /// <summary>Makes a lane.</summary>
    /// <param name="onFull">What happens when the recorder cannot keep up.</param>
    public MapLane(RecordFullPolicy onFull) : base("world", new LaneOptions { RingBytes = 1 << 20, OnFull = onFull }, 1 << 14)
    {
    }

    /// <summary>Sends the surroundings.</summary>
    /// <param name="time">Their logical time.</param>
    /// <param name="map">The surroundings.</param>
    public void Send(Stamp time, MapView map)
    {
        Buffer.Reset();
        Write(time, map, Buffer);
        Emit(RecordKind.Map);
    }

    internal static void Write(Stamp time, MapView map, CycleBuffer buffer)
    {
        var w = new StateWriter(buffer);
        w.Write(time.Nanoseconds);
        w.WriteSpan<byte>(System.Text.Encoding.UTF8.GetBytes(map.Name));
        w.WriteSpan<MapWall>([.. map.Walls]);
        w.Write(map.Obstacles.Count);
        foreach (var o in map.Obstacles)
        {
            w.Write(o.X);
            w.Write(o.Y);
            w.Write(o.Radius);
            w.Write(o.Moves);
        }
        w.Write(map.Robots.Count);
        foreach (var r in map.Robots)
        {
            w.WriteSpan<byte>(System.Text.Encoding.UTF8.GetBytes(r.Name));
            w.Write(r.Pose);
            w.Write(r.Radius);
            w.Write(r.Goal.Id);
            w.Write(r.Goal.X);
            w.Write(r.Goal.Y);
            w.Write(r.Goal.Radius);
            w.Write(r.GoalsReached);
            w.Write(r.Collisions);
        }
    }

    /// <summary>Reads what was sent.</summary>
    /// <exception cref="InvalidDataException">The bytes are no map.</exception>
    public static (Stamp Time, MapView Map) Read(ReadOnlySpan<byte> bytes)
    {
        const int Most = 100_000;
        var r = new StateReader(bytes, "Map");
        var time = new Stamp(r.Read<long>());
        string name = System.Text.Encoding.UTF8.GetString(r.ReadBytes());
        int wallCount = r.ReadInt32(0, Most);
        r.Require(wallCount * 32L <= bytes.Length, "a number of walls");
        var walls = new MapWall[wallCount];
        for (int i = 0; i < walls.Length; i++) walls[i] = r.Read<MapWall>();
        int obstacleCount = r.ReadInt32(0, Most);
        r.Require(obstacleCount * 25L <= bytes.Length, "a number of obstacles");
        var obstacles = new MapObstacle[obstacleCount];
        for (int i = 0; i < obstacles.Length; i++) obstacles[i] = new MapObstacle(r.Read<double>(), r.Read<double>(), r.Read<double>(), r.ReadBoolean());
        int robotCount = r.ReadInt32(0, Most);
        r.Require(robotCount * 64L <= bytes.Length, "a number of robots");
        var robots = new MapRobot[robotCount];
        for (int i = 0; i < robots.Length; i++)
        {
            robots[i] = new MapRobot(
                System.Text.Encoding.UTF8.GetString(r.ReadBytes()), r.Read<Pose2>(), r.Read<double>(), new Goal(r.Read<int>(), r.Read<double>(), r.Read<double>(), r.Read<float>()), r.Read<int>(), r.Read<int>());
        }
        r.End();
        return (time, new MapView(name, walls, obstacles, robots));
    }
}
