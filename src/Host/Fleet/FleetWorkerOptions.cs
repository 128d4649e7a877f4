using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>How patient a robot of a fleet is with its own body.</summary>
internal sealed record FleetWorkerOptions
{
    /// <summary>Gets the time that any drive may take.</summary>
    public Duration DriveFor { get; init; } = new(30_000_000_000);

    /// <summary>Gets what is added for each metre that is left, in seconds.</summary>
    public double SecondsPerMetre { get; init; } = 5;

    /// <summary>Gets how far an idle robot keeps from places where something is to be done, in metres; nearer it drives back to where it started.</summary>
    public double RoomMetre { get; init; } = 1;

    /// <summary>Gets how long it waits at a place for a lease before it turns to a task that needs none: without a majority no lease will come, and there may be work.</summary>
    public Duration LeaseFor { get; init; } = new(10_000_000_000);

    /// <summary>Gets the radius of a place in metres.</summary>
    public double NearMetre { get; init; } = 0.35;
}
