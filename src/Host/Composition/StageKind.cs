namespace EdgeAutonomy.Host;

/// <summary>One kind of stage that a configuration can name.</summary>
/// <param name="Role">Where in a loop it stands.</param>
/// <param name="Name">What stands behind <c>Type</c>.</param>
/// <param name="Options">The class of its keys.</param>
/// <param name="Reads">The payload it takes; null for a sensor.</param>
/// <param name="Writes">The payload it gives; null for an actuator.</param>
/// <param name="Summary">What it is: one sentence.</param>
public sealed record StageKind(StageRole Role, string Name, Type Options, Type? Reads, Type? Writes, string Summary);
