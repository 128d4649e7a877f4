namespace EdgeAutonomy.Recording;

/// <summary>What a section of a cycle record holds.</summary>
public enum SectionKind : ushort
{
    /// <summary>The sample, when the sensor brought one; the source of a replay.</summary>
    Sample = 1,

    /// <summary>The percept, when perception brought one.</summary>
    Percept = 2,

    /// <summary>The newest decision: action, sensing request, period limits.</summary>
    Decision = 3,

    /// <summary>The sensing request that was in force.</summary>
    Request = 4,

    /// <summary>The sensor's report, before the trust monitor.</summary>
    Sensed = 5,

    /// <summary>The pacer's values of the periods it could choose; left out when it gave none.</summary>
    PeriodValues = 7,

    /// <summary>What was drained from the inbox; left out when there was nothing.</summary>
    Inputs = 9,

    /// <summary>The action that left the guard.</summary>
    Applied = 10,
}
