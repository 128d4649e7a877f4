namespace EdgeAutonomy.Agents;

/// <summary>The envelope of a robot: stop button, interlocks, speed class, fence, battery reserve and other robots' claims, in this order.</summary>
/// <remarks>What is unknown, old or not a number is refused. As thread-safe as its source.</remarks>
public sealed class SafetyEnvelope : ISafetyEnvelope
{
    private readonly ISafetySource _source;
    private readonly ICallDemands _demands;
    private readonly Geofence _fence;
    private readonly double _reserve;
    private readonly TimeSpan _maxAge;

    /// <summary>Makes an envelope.</summary>
    /// <param name="source">The robot's state and claims.</param>
    /// <param name="demands">What commands ask for.</param>
    /// <param name="fence">Where it may be.</param>
    /// <param name="reserve">Share of the battery that must be left when a command is done; in [0, 1).</param>
    /// <param name="maxAge">How old the robot's state may be; 1 s when null.</param>
    public SafetyEnvelope(ISafetySource source, ICallDemands demands, Geofence fence, double reserve, TimeSpan? maxAge = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(demands);
        ArgumentNullException.ThrowIfNull(fence);
        if (reserve is not (>= 0 and < 1)) throw new ArgumentException($"Safety envelope: the battery reserve is {reserve}; must be in [0, 1).", nameof(reserve));
        (_source, _demands, _fence, _reserve, _maxAge) = (source, demands, fence, reserve, maxAge ?? TimeSpan.FromSeconds(1));
    }

    /// <inheritdoc/>
    public SafetyFinding Check(ActionCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (_source.Read() is not { } state) return new(GuardReason.Unknown, "The robot's state is not known.");
        if (state.EmergencyStop) return new(GuardReason.EmergencyStop, "The emergency stop is set; release it at the robot.");
        if (!(state.Age <= _maxAge)) return new(GuardReason.Unknown, $"The robot's state is {state.Age.TotalMilliseconds:0} ms old, the limit is {_maxAge.TotalMilliseconds:0} ms.");
        if (_demands.Of(call) is not { } demand) return new(GuardReason.Unknown, $"What '{call.Text}' asks of the robot is not known.");
        return Interlocks(demand, state) ?? Speed(demand, state) ?? Fence(demand, state) ?? Battery(demand, state) ?? Claims(demand) ?? SafetyFinding.Safe;
    }

    private static SafetyFinding? Interlocks(CallDemand demand, SafetyState state)
    {
        foreach (string name in demand.Interlocks)
        {
            if (state.OpenInterlocks.Contains(name)) return new(GuardReason.Interlock, $"Interlock '{name}' is open.");
        }
        return null;
    }

    private static SafetyFinding? Speed(CallDemand demand, SafetyState state) =>
        demand.Speed <= state.Speed ? null : new(GuardReason.Speed, $"The command needs speed class {demand.Speed}, {state.Speed} is allowed now.");

    private SafetyFinding? Fence(CallDemand demand, SafetyState state)
    {
        var from = state.Position;
        foreach (var to in demand.Path)
        {
            if (!_fence.Allows(from, to)) return new(GuardReason.Fence, $"The way from ({from.X:0.##}, {from.Y:0.##}) to ({to.X:0.##}, {to.Y:0.##}) m leaves the allowed area.");
            from = to;
        }
        return null;
    }

    private SafetyFinding? Battery(CallDemand demand, SafetyState state)
    {
        // A robot below its reserve must still be able to drive to a charger and to charge there. Written so that a value that is not a number fails.
        double floor = demand.EndsAtCharger ? 0 : _reserve;
        if (demand.Battery >= 0 && state.Battery is >= 0 and <= 1 && state.Battery - demand.Battery >= floor) return null;
        return new(GuardReason.Battery, $"Battery at {state.Battery:0.###}, the command uses {demand.Battery:0.###}, {floor:0.###} must be left; charge first.");
    }

    private SafetyFinding? Claims(CallDemand demand)
    {
        foreach (string name in demand.Claims)
        {
            if (_source.ClaimedBy(name) is { } owner) return new(GuardReason.Claimed, $"'{name}' is claimed by {UntrustedText.Clean(owner, 40)}.");
        }
        return null;
    }
}
