using System.Globalization;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>Makes the tasks of a fleet's run from its seed: visits to stations, every other one of which must be done once and by one robot.</summary>
internal static class FleetJobs
{
    /// <summary>The speed that ways are reckoned with, m/s: what robots that give way to each other make of 1 m/s.</summary>
    public const double PlanningSpeed = 0.5;

    /// <summary>Gets how leases run: shorter than elsewhere, because nobody may vote before the longest lease of an earlier start has run out, and a run of a minute should not wait that long.</summary>
    public static LeaseOptions Lease { get; } = new() { Length = Duration.FromMilliseconds(4000), Longest = Duration.FromMilliseconds(5000) };

    /// <summary>Makes tasks.</summary>
    /// <param name="scenario">Where; it has stations.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="count">How many; beyond the stations there are, stations are visited again.</param>
    public static IReadOnlyList<FleetTask> Make(Scenario scenario, ulong seed, int count)
    {
        var random = RandomStream.For(seed, "fleet.jobs");
        var tasks = new List<FleetTask>(count);
        int[] order = [];
        for (int i = 0; i < count; i++)
        {
            int at = i % scenario.Stations.Count;
            if (at == 0) order = Shuffle(random, scenario.Stations.Count);
            var station = scenario.Stations[order[at]];
            bool exclusive = i % 2 == 0;
            tasks.Add(new FleetTask
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"t{i + 1:00}"),
                Class = exclusive ? TaskClass.Exclusive : TaskClass.Idempotent,
                OnLoss = exclusive ? TaskLoss.Hold : TaskLoss.Retry,
                X = station.X, Y = station.Y,
                Seconds = 1 + random.NextInt32(5) * 0.5,
                Reward = 10,
                Kind = string.Create(CultureInfo.InvariantCulture, $"{(exclusive ? "pick" : "scan")} at {station.Name}"),
            });
        }
        return tasks;
    }

    /// <summary>Returns what robots get for tasks: less the later they come.</summary>
    /// <param name="robot">Where the robot is.</param>
    public static ITaskScorer Scorer(IMissionRobot robot) => new DiscountedScorer((from, to) =>
    {
        var at = from is null ? robot.Position : new MapPoint(from.X, from.Y);
        return Seconds(at, new MapPoint(to.X, to.Y));
    });

    /// <summary>Returns the time of a way in seconds, as the plan reckons it.</summary>
    public static double Seconds(MapPoint from, MapPoint to) => Math.Sqrt((from.X - to.X) * (from.X - to.X) + (from.Y - to.Y) * (from.Y - to.Y)) / PlanningSpeed;

    private static int[] Shuffle(RandomStream random, int count)
    {
        var order = Enumerable.Range(0, count).ToArray();
        for (int i = count - 1; i > 0; i--)
        {
            int j = random.NextInt32(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }
}
