namespace EdgeAutonomy.Perception;

/// <summary>What a <see cref="MotionEstimator"/> did since it was made.</summary>
public struct MotionCounters
{
    /// <summary>Events that came in.</summary>
    public long Events;

    /// <summary>Events outside the sensor, left out.</summary>
    public long Ignored;

    /// <summary>Events of a pixel and sign that had one in the same step already: a step is binary.</summary>
    public long Merged;

    /// <summary>Events that others saw but whose own surroundings were not looked at, because the step had more than <see cref="MotionOptions.MaxEventsPerStep"/>.</summary>
    public long Thinned;

    /// <summary>Events whose surroundings were looked at.</summary>
    public long Spikes;

    /// <summary>Weights added: spikes that arrived over a kept synapse.</summary>
    public long SynapticOperations;

    /// <summary>Steps closed.</summary>
    public long Steps;
}
