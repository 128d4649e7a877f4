namespace EdgeAutonomy.Agents;

/// <summary>What becomes of an exclusive task whose robot vanished between "I am about to do what cannot be undone" and "done".</summary>
public enum TaskLoss
{
    /// <summary>It is held until somebody has looked: never done twice.</summary>
    Hold,

    /// <summary>It is opened again: done at least once.</summary>
    Retry,
}
