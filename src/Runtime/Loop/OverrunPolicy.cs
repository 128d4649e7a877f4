namespace EdgeAutonomy.Runtime;

/// <summary>What happens to the deadlines a late loop has already passed.</summary>
public enum OverrunPolicy : byte
{
    /// <summary>Skip whole slots, count them, keep the grid; dt is the real difference of the tags.</summary>
    SkipSlots = 0,

    /// <summary>Run at most one passed slot at once, then skip.</summary>
    CatchUp = 1,
}
