namespace EdgeAutonomy.Runtime;

/// <summary>Why a stage failed. Values from <see cref="Custom"/> on belong to the stage.</summary>
public enum FailureCode : ushort
{
    /// <summary>No failure.</summary>
    None = 0,

    /// <summary>An exception left the stage; the loop's edge caught it.</summary>
    Unhandled = 1,

    /// <summary>A value that must be finite was NaN or infinite.</summary>
    NotFinite = 2,

    /// <summary>The stage overran twice its budget several times in a row.</summary>
    Budget = 3,

    /// <summary>The device or link behind the stage did not answer.</summary>
    Unavailable = 4,

    /// <summary>The input was of a shape or kind the stage cannot read.</summary>
    BadInput = 5,

    /// <summary>The actuator refused the command.</summary>
    Refused = 6,

    /// <summary>First code that a stage may give a meaning of its own.</summary>
    Custom = 0x100,
}
