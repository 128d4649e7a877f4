namespace EdgeAutonomy.Policies;

/// <summary>What stands beside a policy's network: what it is for, and where it comes from.</summary>
public sealed record PolicyCard
{
    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the contract.</summary>
    public required PolicySchema Schema { get; init; }

    /// <summary>Gets the hash of the network's bytes, 16 hexadecimal digits; set by <see cref="PolicyFile"/>.</summary>
    public string ModelHash { get; init; } = "";

    /// <summary>Gets the exact command that made it.</summary>
    public string Command { get; init; } = "";

    /// <summary>Gets the seed of its training.</summary>
    public ulong Seed { get; init; }

    /// <summary>Gets what came out, with its interval, in words.</summary>
    public string Result { get; init; } = "";
}
