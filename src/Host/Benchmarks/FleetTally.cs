namespace EdgeAutonomy.Host;

/// <summary>What a crowd of robots sent and heard.</summary>
internal sealed class FleetTally
{
    /// <summary>Gets or sets beacons handed over.</summary>
    public long Sent { get; set; }

    /// <summary>Gets or sets beacons that the own link did not take.</summary>
    public long Refused { get; set; }

    /// <summary>Gets or sets deliveries that the geometry asks for.</summary>
    public long Expected { get; set; }

    /// <summary>Gets or sets those that came.</summary>
    public long Delivered { get; set; }

    /// <summary>Gets or sets deliveries around a change of subscriptions.</summary>
    public long Unsettled { get; set; }

    /// <summary>Gets or sets deliveries no longer asked for because the receiver ended its subscription while they were on their way.</summary>
    public long Retracted { get; set; }

    /// <summary>Gets or sets beacons that a newer one replaced in an inbox.</summary>
    public long Replaced { get; set; }

    /// <summary>Gets or sets beacons that a newer one replaced before they went out, or that were dropped then.</summary>
    public long NotSent { get; set; }

    /// <summary>Gets or sets messages that did not fit an inbox.</summary>
    public long Dropped { get; set; }

    /// <summary>Gets or sets changes of cell.</summary>
    public long Moves { get; set; }

    /// <summary>Gets or sets pairs within the radius that were looked at.</summary>
    public long Pairs { get; set; }

    /// <summary>Gets or sets those of which one did not know the other.</summary>
    public long Strangers { get; set; }
}
