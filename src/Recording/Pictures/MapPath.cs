using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Recording;

/// <summary>Where one robot was.</summary>
/// <param name="Name">The robot's name.</param>
/// <param name="Poses">Its poses, oldest first; one that is not finite interrupts the line.</param>
public sealed record MapPath(string Name, IReadOnlyList<Pose2> Poses)
{
    /// <summary>Gets the goals it had on its way, oldest first; those of the map itself are drawn anyway.</summary>
    public IReadOnlyList<Goal> Goals { get; init; } = [];
}
