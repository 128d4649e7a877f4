namespace EdgeAutonomy.Runtime;

/// <summary>Why a period was chosen; recorded with every cycle.</summary>
public enum PeriodReason : byte
{
    /// <summary>The period is fixed.</summary>
    Fixed = 0,

    /// <summary>The event rate asks for it.</summary>
    EventRate = 1,

    /// <summary>The error estimate allows it.</summary>
    ErrorEstimate = 2,

    /// <summary>A learned pacer or the policy itself chose it.</summary>
    Learned = 3,

    /// <summary>Safety shortened it: trust, time to contact, stopping bound or rung.</summary>
    SafetyShrink = 4,

    /// <summary>Growth must wait for more votes.</summary>
    DwellHold = 5,

    /// <summary>A person set it.</summary>
    Operator = 6,

    /// <summary>Taken from a recording.</summary>
    Replay = 7,
}
