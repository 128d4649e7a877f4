namespace EdgeAutonomy.Agents;

/// <summary>How a robot brakes and asks.</summary>
public sealed record ZoneHolderOptions
{
    /// <summary>Gets the deceleration that it surely reaches, m/s²; default 0.8.</summary>
    public double Deceleration { get; init; } = 0.8;

    /// <summary>Gets how long it takes until it brakes; default 0.3 s.</summary>
    public Duration Reaction { get; init; } = Duration.FromMilliseconds(300);

    /// <summary>Gets what is left before the border when it stands, metres; default 0.3.</summary>
    public double Margin { get; init; } = 0.3;

    /// <summary>Gets after how long without an answer it asks again; default 1.5 s.</summary>
    public Duration Retry { get; init; } = Duration.FromSeconds(1.5);
}
