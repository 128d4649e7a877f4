namespace EdgeAutonomy.Agents;

/// <summary>What stands before an actuator, a door or a dock: takes no command with a token smaller than one it has seen.</summary>
/// <remarks>It closes the last gap of leases: a robot that was frozen between looking at its deadline and acting. Belongs where the resource is, not where the robot is. One thread.</remarks>
public sealed class FencingGate
{
    private readonly Dictionary<string, ulong> _seen = new(StringComparer.Ordinal);
    private readonly int _capacity;

    /// <summary>Makes a gate.</summary>
    /// <param name="capacity">The most resources it guards; commands to more are refused.</param>
    public FencingGate(int capacity = 4096) => _capacity = capacity;

    /// <summary>Gets how many commands were refused.</summary>
    public long Refused { get; private set; }

    /// <summary>Checks a command.</summary>
    /// <param name="resource">What it is for.</param>
    /// <param name="token">The token of its lease; 0 = none.</param>
    /// <returns>Whether it may pass.</returns>
    public bool Admit(string resource, ulong token)
    {
        bool known = _seen.TryGetValue(resource, out ulong seen);
        if (token == 0 || token < seen || (!known && _seen.Count >= _capacity))
        {
            Refused++;
            return false;
        }
        _seen[resource] = token;
        return true;
    }
}
