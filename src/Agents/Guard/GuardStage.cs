namespace EdgeAutonomy.Agents;

/// <summary>The checks between a proposal and the robot, in the order they run.</summary>
public enum GuardStage
{
    /// <summary>No check refused it.</summary>
    None,

    /// <summary>Size and shape of a text reply: length, strict JSON, one object, known keys.</summary>
    Shape,

    /// <summary>Which command is meant: it must be one that the mission offers, with its own verb and arguments.</summary>
    Parse,

    /// <summary>Whether the world model, as it is now, lets it be carried out.</summary>
    Preconditions,

    /// <summary>Whether the robot is allowed to: stop button, interlocks, speed class, fence, battery reserve, other robots' claims.</summary>
    Envelope,

    /// <summary>Rate and repetition.</summary>
    Repetition,
}
