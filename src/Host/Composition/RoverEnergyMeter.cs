using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host;

/// <summary>Estimates what a cycle costs: the sensor's own account, the synapses that events excite, and the wheels.</summary>
/// <remarks>
/// An estimate from logical quantities only, so it is the same on every machine; not a measurement. An accumulate in 45 nm costs about 0.9 pJ
/// (figures widely quoted from Horowitz, ISSCC 2014; memory traffic excluded), and one event excites the nine synapses of a 3×3 kernel. The
/// wheels take a rolling loss of 1.5 N and a turning loss of 0.2 N·m, of the order of a 3 kg rover on a hard floor.
/// </remarks>
public sealed class RoverEnergyMeter : IEnergyMeter
{
    private const float PicojoulePerAccumulate = 0.9f, SynapsesPerEvent = 9, RollingNewton = 1.5f, TurningNewtonMetre = 0.2f;

    /// <inheritdoc/>
    public Energy Measure(Cycle cycle)
    {
        float compute = cycle.Report.Items * SynapsesPerEvent * PicojoulePerAccumulate * 1e-6f;
        float actuate = 0;
        var applied = cycle switch
        {
            TypedCycle<RoverSample, Percept, Twist2> rover => rover.Applied,
            TypedCycle<EventPacket, Percept, Twist2> events => events.Applied,
            _ => Twist2.Rest,
        };
        // Power times time; a command holds for the cycle's length.
        float watts = Math.Abs(applied.Linear) * RollingNewton + Math.Abs(applied.Angular) * TurningNewtonMetre;
        actuate += watts * (float)cycle.Dt.Seconds * 1e6f;
        return new Energy(cycle.Report.Applied.EnergyMicrojoule, compute, actuate);
    }
}
