namespace EdgeAutonomy.Runtime;

/// <summary>The parts a loop is made of.</summary>
/// <typeparam name="TSample">The sample.</typeparam>
/// <typeparam name="TPercept">The percept.</typeparam>
/// <typeparam name="TAction">The action.</typeparam>
public sealed record LoopStages<TSample, TPercept, TAction>
    where TSample : IPayload
    where TPercept : IPayload
    where TAction : unmanaged, IPayload
{
    /// <summary>Gets the sensor.</summary>
    public required ISensor<TSample> Sensor { get; init; }

    /// <summary>Gets the perceivers.</summary>
    public required PerceiverChain<TSample, TPercept> Perceive { get; init; }

    /// <summary>Gets the policy.</summary>
    public required IPolicy<TPercept, TAction> Policy { get; init; }

    /// <summary>Gets the actuator.</summary>
    public required IActuator<TAction> Actuator { get; init; }

    /// <summary>Gets what the guard must know about the action.</summary>
    public required IActionRules<TAction> Rules { get; init; }

    /// <summary>Gets the pacer.</summary>
    public required IPacer Pacer { get; init; }

    /// <summary>Gets the sample that the sensor overwrites.</summary>
    public required TSample Sample { get; init; }

    /// <summary>Gets the percept that perception overwrites.</summary>
    public required TPercept Percept { get; init; }

    /// <summary>Gets the trust monitor; null = the sensor's own word counts.</summary>
    public ITrustMonitor<TSample>? Trust { get; init; }

    /// <summary>Gets the energy meter; null = energy is not measured.</summary>
    public IEnergyMeter? Energy { get; init; }

    /// <summary>Gets who is told about every cycle.</summary>
    public IReadOnlyList<ICycleSink> Sinks { get; init; } = [];

    /// <summary>Returns how far a sample can be trusted: as far as both the sensor and the monitor say. A monitor that fails trusts nothing.</summary>
    internal float Score(in TSample sample, in SensorReport report, in CycleContext context)
    {
        if (Trust is null) return report.Trust;
        try
        {
            float trust = Trust.Score(sample, report, context);
            return float.IsNaN(trust) ? 0f : Math.Min(report.Trust, trust);
        }
        catch (Exception)
        {
            return 0f;
        }
    }
}
