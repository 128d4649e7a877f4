namespace EdgeAutonomy.Runtime;

/// <summary>Things worth telling a person about a loop.</summary>
public enum LoopEventKind : byte
{
    /// <summary>The rung changed.</summary>
    RungChanged = 1,

    /// <summary>A stage began to miss its budget.</summary>
    BudgetMissed = 2,

    /// <summary>A stage meets its budget again.</summary>
    BudgetMet = 3,

    /// <summary>A stage began to fail.</summary>
    StageFailed = 4,

    /// <summary>A stage works again.</summary>
    StageRecovered = 5,

    /// <summary>The loop was late by whole slots and skipped them.</summary>
    SlotsSkipped = 6,
}
