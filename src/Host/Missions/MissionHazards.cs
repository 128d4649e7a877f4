using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>What the safety envelope knows of a mission's robot, and what each command asks of it.</summary>
/// <remarks>
/// <para>The mission's battery counter is what may be used; the reserve lies below its zero. A drive asks for its road and for the cheapest way from its
/// end to a charger or the dock, so that a policy may not strand the robot; a planner's own plans always have that much left.</para>
/// <para>One robot: nothing is claimed by others. One thread.</para>
/// </remarks>
internal sealed class MissionHazards(IMissionRobot robot, MissionSite site, Func<Rung> rung, Func<TimeSpan> age) : ISafetySource, ICallDemands
{
    /// <summary>The share of the battery that no command may use.</summary>
    public const double Reserve = 0.1;

    private MissionWorldMission? _mission;
    private int[] _refuge = [];

    /// <summary>Takes the mission that is driven from now on.</summary>
    public void Take(MissionWorldMission mission)
    {
        _mission = mission;
        _refuge = Refuges(mission.Map);
    }

    /// <inheritdoc/>
    public SafetyState? Read()
    {
        if (_mission is not { } mission) return null;
        var now = rung();
        double below = Below(mission.Map);
        // On the ladder's two lowest rungs the loop does not follow its policy, so a robot that is told to drive would not.
        return new SafetyState(
            now == Rung.SafeStop, (mission.Situation.Battery + below) / (mission.Map.BatteryCapacity + below), robot.Position, now >= Rung.Hold ? SpeedClass.Still : SpeedClass.Normal, [], age());
    }

    /// <inheritdoc/>
    public string? ClaimedBy(string resource) => null;

    /// <inheritdoc/>
    public CallDemand? Of(ActionCall call)
    {
        if (_mission?.WellFormed.FirstOrDefault(c => c.Text == call.Text) is not { } command) return null;
        var map = _mission.Map;
        if (command.Verb != MissionWorldVerb.Drive) return new CallDemand(SpeedClass.Still, 0, [], EndsAtCharger: true, [], []);
        int road = map.RoadBetween(_mission.Situation.Place, command.Place);
        if (road < 0) return null;
        var point = site.PointOf(command.Place);
        return new CallDemand(SpeedClass.Normal, (map.Roads[road].Cost + _refuge[command.Place]) / (map.BatteryCapacity + Below(map)), [point], _refuge[command.Place] == 0, [], []);
    }

    // Half a metre more than the reserve's share, so that a counter at exactly zero is not refused for a rounding error.
    private static double Below(MissionWorldMap map) => map.BatteryCapacity * Reserve / (1 - Reserve) + 0.5;

    /// <summary>For each place the cheapest way to a charger or the dock, doors left aside (Bellman-Ford: few places).</summary>
    private static int[] Refuges(MissionWorldMap map)
    {
        int[] metres = [.. map.Places.Select(p => p.Type is "charger" or "dock" ? 0 : int.MaxValue / 2)];
        for (int round = 0; round < metres.Length; round++)
        {
            foreach (var road in map.Roads)
            {
                metres[road.A] = Math.Min(metres[road.A], metres[road.B] + road.Cost);
                metres[road.B] = Math.Min(metres[road.B], metres[road.A] + road.Cost);
            }
        }
        return metres;
    }
}
