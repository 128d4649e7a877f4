namespace EdgeAutonomy.Agents;

/// <summary>Which messages a fault concerns; what is null does not narrow.</summary>
/// <param name="Publisher">The client id of the publisher.</param>
/// <param name="Receiver">The client id of the receiver.</param>
/// <param name="Topic">An MQTT filter.</param>
/// <param name="Qos">The quality of the delivery, 0 or 1.</param>
public readonly record struct FaultScope(string? Publisher = null, string? Receiver = null, string? Topic = null, int? Qos = null)
{
    /// <summary>Stands for the hub where a fault names clients.</summary>
    public const string Hub = "$hub";

    /// <summary>All messages.</summary>
    public static readonly FaultScope All;
}
