namespace EdgeAutonomy.Perception;

/// <summary>The properties of an exit file, all kinds together; null = not there.</summary>
internal sealed class ExitFileContent
{
    public string? Format { get; set; }

    public int? Version { get; set; }

    public string? Kind { get; set; }

    public int? Steps { get; set; }

    public double? Margin { get; set; }

    public double? Coverage { get; set; }

    public double? Temperature { get; set; }

    public double? Threshold { get; set; }

    public int? Classes { get; set; }

    public int[]? Checkpoints { get; set; }

    public double[]? Quantiles { get; set; }

    public int? MaxSetSize { get; set; }

    /// <summary>Returns the names of the properties that belong to a kind, and which are there.</summary>
    public (string Name, bool IsThere)[] Properties() =>
    [
        ("steps", Steps is not null),
        ("margin", Margin is not null),
        ("coverage", Coverage is not null),
        ("temperature", Temperature is not null),
        ("threshold", Threshold is not null),
        ("classes", Classes is not null),
        ("checkpoints", Checkpoints is not null),
        ("quantiles", Quantiles is not null),
        ("maxSetSize", MaxSetSize is not null),
    ];
}
