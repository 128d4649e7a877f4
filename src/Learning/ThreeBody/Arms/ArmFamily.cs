namespace EdgeAutonomy.Learning;

/// <summary>What kind of arm: it decides what it is compared with.</summary>
public enum ArmFamily
{
    /// <summary>One parameter throughout.</summary>
    Fixed,

    /// <summary>Accepts or rejects after the fact, without learning.</summary>
    Retry,

    /// <summary>Chooses without learning and never takes anything back.</summary>
    Controller,

    /// <summary>Looks ahead without paying: a bound, not a method.</summary>
    Oracle,

    /// <summary>Learned.</summary>
    Learned,
}
