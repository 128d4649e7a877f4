namespace EdgeAutonomy.Agents;

/// <summary>A mission that can say exactly when it is in a state it was in before.</summary>
/// <remarks>Without it the guard takes the observation and the commands on offer for the state.</remarks>
public interface IStateHashed
{
    /// <summary>Gets a hash of the world model that does not count steps: the same state later has the same hash.</summary>
    ulong StateHash { get; }
}
