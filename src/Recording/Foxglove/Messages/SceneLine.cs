namespace EdgeAutonomy.Recording;

/// <summary>How the points of a line are joined, with Foxglove's numbers.</summary>
public enum SceneLine
{
    /// <summary>Each to the next.</summary>
    Strip = 0,

    /// <summary>Each to the next, the last to the first.</summary>
    Loop = 1,

    /// <summary>Pairs.</summary>
    List = 2,
}
