namespace EdgeAutonomy.Agents;

/// <summary>The parts of a topic: whose it is, which stream, and what follows. Empty robot: a task of the board.</summary>
internal readonly ref struct FleetAddress(ReadOnlySpan<byte> robot, ReadOnlySpan<byte> stream, ReadOnlySpan<byte> rest)
{
    public ReadOnlySpan<byte> Robot { get; } = robot;

    public ReadOnlySpan<byte> Stream { get; } = stream;

    public ReadOnlySpan<byte> Rest { get; } = rest;
}
