namespace EdgeAutonomy.Agents;

/// <summary>What a robot does with its belief about a task when it hears another robot's.</summary>
public enum CbbaAction : byte
{
    /// <summary>Keeps its own.</summary>
    Leave,

    /// <summary>Takes the other's.</summary>
    Update,

    /// <summary>Forgets who wins.</summary>
    Reset,
}
