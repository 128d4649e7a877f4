namespace EdgeAutonomy.Runtime;

/// <summary>How long a loop has stood still, in steps.</summary>
public enum StallLevel : byte
{
    /// <summary>It runs.</summary>
    None = 0,

    /// <summary>One limit without a finished cycle.</summary>
    Warning = 1,

    /// <summary>Two limits: reported as unhealthy.</summary>
    Unhealthy = 2,

    /// <summary>Three limits: the actuator is made safe and the process must end.</summary>
    Stop = 3,
}
