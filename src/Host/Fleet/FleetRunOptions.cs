namespace EdgeAutonomy.Host;

/// <summary>What a run of a fleet over a broker is to be.</summary>
internal sealed record FleetRunOptions
{
    /// <summary>Gets how many robots.</summary>
    public int Robots { get; init; } = 5;

    /// <summary>Gets how many tasks.</summary>
    public int Tasks { get; init; } = 20;

    /// <summary>Gets the seed of yard and tasks.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Gets the broker; null = a mosquitto of our own.</summary>
    public Uri? Broker { get; init; }

    /// <summary>Gets whether every robot has a process of its own.</summary>
    public bool Processes { get; init; }

    /// <summary>Gets whether faults are injected: robots and broker killed, one frozen, one cut off.</summary>
    public bool Drill { get; init; }

    /// <summary>Gets whether robots have their event cameras on.</summary>
    public bool Camera { get; init; }

    /// <summary>Gets whether a wall with a narrow gate cuts the yard in two.</summary>
    public bool Gated { get; init; }

    /// <summary>Gets whether there is a live page.</summary>
    public bool HasPage { get; init; }

    /// <summary>Gets the page's TCP port; null = the usual one, or any other where that is taken.</summary>
    public int? Port { get; init; }
}
