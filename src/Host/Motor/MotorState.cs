namespace EdgeAutonomy.Host;

/// <summary>What the motors do.</summary>
public enum MotorState
{
    /// <summary>No command has come yet; the motors rest.</summary>
    Idle,

    /// <summary>The motors follow the last command.</summary>
    Driving,

    /// <summary>The motors were stopped, by command or because commands ceased.</summary>
    Safe,
}
