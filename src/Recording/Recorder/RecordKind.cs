namespace EdgeAutonomy.Recording;

/// <summary>What a message that leaves a lane is.</summary>
public enum RecordKind
{
    /// <summary>A cycle record.</summary>
    Cycle = 1,

    /// <summary>A keyframe.</summary>
    Keyframe = 2,

    /// <summary>A gap: cycle records that were lost.</summary>
    Gap = 3,

    /// <summary>The surroundings.</summary>
    Map = 4,

    /// <summary>A JSON object.</summary>
    Json = 5,
}
