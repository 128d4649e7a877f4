namespace EdgeAutonomy.Agents;

/// <summary>A mission that knows the truth about its progress. For measuring only: no policy may see it.</summary>
public interface IMissionProgress
{
    /// <summary>Returns the steps that a perfect planner with full sight still needs; a fixed largest value where the goal is out of reach.</summary>
    double Remaining();
}
