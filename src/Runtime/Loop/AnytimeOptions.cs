namespace EdgeAutonomy.Runtime;

/// <summary>How far the runtime refines an anytime stage.</summary>
public sealed record AnytimeOptions
{
    /// <summary>Gets the most quanta per cycle; default 16.</summary>
    public int MaxRefines { get; init; } = 16;

    /// <summary>Gets the quality, in [0, 1], at which refinement ends; default 0.95.</summary>
    public float QualityTarget { get; init; } = 0.95f;

    /// <summary>Gets the quality below which the stage counts as Degraded; default 0.</summary>
    public float QualityFloor { get; init; }

    /// <summary>Gets how many quanta in a row may pass without a better quality; default 4.</summary>
    public int MaxStall { get; init; } = 4;
}
