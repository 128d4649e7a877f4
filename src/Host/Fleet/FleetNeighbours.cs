using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host;

/// <summary>Finds the robots that are near among the members of a fleet, for the loop that must keep clear of them.</summary>
/// <remarks>Not thread-safe; reuses what it returns.</remarks>
internal sealed class FleetNeighbours
{
    // Twice the way that two robots at full speed come nearer to each other within the horizon of ORCA.
    private const double ReachMetre = 8;

    // What was said longer ago than this says nothing any more; the range sensor has to do.
    private static readonly Duration MaxAge = Duration.FromSeconds(10);

    private readonly Neighbourhood _near = new();
    private readonly List<(double Square, Member Member)> _found = [];

    /// <summary>Returns the nearest robots.</summary>
    /// <param name="node">The fleet.</param>
    /// <param name="now">The time of the node.</param>
    /// <param name="loopNow">The time of the loop at the same moment, or before.</param>
    public Neighbourhood Find(FleetNode node, Stamp now, Stamp loopNow)
    {
        var self = node.Pose;
        _found.Clear();
        foreach (var member in node.Members.Members)
        {
            if (member.BeaconAt == Stamp.Never || now - member.BeaconAt > MaxAge) continue;
            ref readonly var beacon = ref member.Beacon;
            if ((beacon.Prefix.Flags & FleetFlags.Localised) == 0 || beacon.Map != self.Map) continue;
            double dx = beacon.X - self.X, dy = beacon.Y - self.Y, square = dx * dx + dy * dy;
            if (square < ReachMetre * ReachMetre) _found.Add((square, member));
        }
        if (_found.Count > Neighbourhood.Capacity)
        {
            _found.Sort((a, b) => a.Square != b.Square ? a.Square.CompareTo(b.Square) : string.CompareOrdinal(a.Member.Robot, b.Member.Robot));
            _found.RemoveRange(Neighbourhood.Capacity, _found.Count - Neighbourhood.Capacity);
        }
        _found.Sort((a, b) => string.CompareOrdinal(a.Member.Robot, b.Member.Robot));
        _near.Clear();
        _near.Key = RandomStream.Fnv1a(node.Robot);
        foreach (var (_, member) in _found)
        {
            ref readonly var beacon = ref member.Beacon;
            _near.Add(new Neighbour(
                RandomStream.Fnv1a(member.Robot), loopNow - (now - member.BeaconAt), beacon.X, beacon.Y, beacon.VelocityX, beacon.VelocityY, beacon.Radius, (beacon.Prefix.Flags & FleetFlags.Cooperating) != 0));
        }
        return _near;
    }
}
