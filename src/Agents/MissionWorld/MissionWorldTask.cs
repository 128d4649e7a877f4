namespace EdgeAutonomy.Agents;

/// <summary>A mission of MissionWorld that stands by itself, not made from a seed: what a file holds.</summary>
/// <remarks>Immutable and thread-safe; the missions it starts are not.</remarks>
/// <param name="Layout">The mission.</param>
/// <param name="Options">How it is played.</param>
public sealed record MissionWorldTask(MissionWorldLayout Layout, MissionWorldOptions Options)
{
    /// <summary>Starts it.</summary>
    public MissionWorldMission Start() => new(Layout, Options);
}
