namespace EdgeAutonomy.Agents;

/// <summary>Missions of one kind, numbered: games of a folder, or layouts made from seeds.</summary>
/// <remarks>Thread-safe; the missions it starts are not.</remarks>
public interface IMissionSet
{
    /// <summary>Gets the name for reports.</summary>
    string Name { get; }

    /// <summary>Gets the shape that all its missions share.</summary>
    MissionShape Shape { get; }

    /// <summary>Gets how many there are; <see cref="int.MaxValue"/> where any number is a mission.</summary>
    int Count { get; }

    /// <summary>Returns whether a mission is kept for evaluation; a learner must not start it.</summary>
    /// <param name="number">0 … <see cref="Count"/> − 1.</param>
    bool IsHeldOut(int number);

    /// <summary>Starts a mission.</summary>
    /// <param name="number">0 … <see cref="Count"/> − 1.</param>
    IMission Start(int number);
}
