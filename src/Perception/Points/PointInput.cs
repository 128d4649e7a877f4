namespace EdgeAutonomy.Perception;

/// <summary>How the numbers of a point enter the first neurons.</summary>
public enum PointInput
{
    /// <summary>As spikes, drawn anew at every step with the number as their probability.</summary>
    Spikes,

    /// <summary>As the same current at every step.</summary>
    Current,
}
