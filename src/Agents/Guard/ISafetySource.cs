namespace EdgeAutonomy.Agents;

/// <summary>Where the safety envelope learns how the robot is and who claims what.</summary>
public interface ISafetySource
{
    /// <summary>Returns the present state; null when it is not known.</summary>
    SafetyState? Read();

    /// <summary>Returns the other robot that holds a thing or place; null when it is free or ours.</summary>
    /// <param name="resource">Its name.</param>
    string? ClaimedBy(string resource);
}
