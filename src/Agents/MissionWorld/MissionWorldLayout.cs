namespace EdgeAutonomy.Agents;

/// <summary>One generated mission: the map, and what the map does not tell.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
/// <param name="Name">Family, size and seed.</param>
/// <param name="Map">What is known beforehand.</param>
/// <param name="ItemPlaces">Where each item lies at the start.</param>
/// <param name="ItemLockers">In which locker, or −1.</param>
/// <param name="Shortest">The steps of a shortest plan under full sight.</param>
/// <param name="Problem">The same as a PDDL problem of <see cref="MissionWorldDomain"/>; battery and time stay outside it.</param>
public sealed record MissionWorldLayout(string Name, MissionWorldMap Map, IReadOnlyList<int> ItemPlaces, IReadOnlyList<int> ItemLockers, int Shortest, string Problem)
{
    /// <summary>Gets a hash of all that the seed decides.</summary>
    public ulong Hash
    {
        get
        {
            var hasher = new StateHasher(RandomStream.Fnv1a(Problem));
            hasher.Add(Map.StartBattery);
            foreach (var place in Map.Places)
            {
                hasher.Add(place.X);
                hasher.Add(place.Y);
            }
            return hasher.Value;
        }
    }
}
