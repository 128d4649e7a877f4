namespace EdgeAutonomy.Perception;

/// <summary>How a <see cref="RoverPerceiver"/> gets range and time to contact out of events.</summary>
public enum PerceptionKind
{
    /// <summary>By the trained layer of delayed synapses (<see cref="MotionContact"/>) together with the search for ranges (<see cref="LoomingEstimator"/>).</summary>
    Spiking,

    /// <summary>By the search for ranges alone; the only spiking part is the box detector (<see cref="DotieDetector"/>), which both kinds have.</summary>
    Dotie,
}
