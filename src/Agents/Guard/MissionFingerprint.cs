namespace EdgeAutonomy.Agents;

/// <summary>Tells states of a mission apart, for the rules against going round in circles.</summary>
public static class MissionFingerprint
{
    /// <summary>Returns the mission's own state hash where it has one, else a hash of its observation and the commands on offer.</summary>
    /// <param name="mission">The mission as it is now.</param>
    public static ulong Of(IMission mission)
    {
        ArgumentNullException.ThrowIfNull(mission);
        if (mission is IStateHashed state) return state.StateHash;
        var hasher = new StateHasher(0);
        hasher.Add(RandomStream.Fnv1a(mission.Observation));
        foreach (var call in mission.Candidates) hasher.Add(RandomStream.Fnv1a(call.Text));
        return hasher.Value;
    }

    /// <summary>Returns a hash of a list of commands, in their order.</summary>
    /// <param name="candidates">The commands.</param>
    public static ulong Of(IReadOnlyList<ActionCall> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        var hasher = new StateHasher((ulong)candidates.Count);
        foreach (var call in candidates) hasher.Add(RandomStream.Fnv1a(call.Text));
        return hasher.Value;
    }
}
