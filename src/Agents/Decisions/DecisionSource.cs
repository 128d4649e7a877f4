namespace EdgeAutonomy.Agents;

/// <summary>Who made a decision.</summary>
public enum DecisionSource
{
    /// <summary>A policy trained here.</summary>
    Policy,

    /// <summary>A planner or a written procedure.</summary>
    Planner,

    /// <summary>A language model.</summary>
    LanguageModel,

    /// <summary>Nobody had an admissible answer in time: the robot stops safely.</summary>
    SafeStop,
}
