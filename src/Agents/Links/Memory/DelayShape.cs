namespace EdgeAutonomy.Agents;

/// <summary>The shape of a distribution of delays.</summary>
public enum DelayShape : byte
{
    /// <summary>Always the lower value.</summary>
    Constant,

    /// <summary>Evenly between the lower and the upper value.</summary>
    Uniform,

    /// <summary>Log-normal with the lower value as median, cut at the upper value.</summary>
    LogNormal,

    /// <summary>Pareto with the lower value as minimum, cut at the upper value.</summary>
    HeavyTail,
}
