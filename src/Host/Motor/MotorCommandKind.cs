namespace EdgeAutonomy.Host;

/// <summary>What a motor datagram asks for.</summary>
public enum MotorCommandKind : byte
{
    /// <summary>Drive with the velocity given.</summary>
    Drive = 0,

    /// <summary>Stop at once, and stay stopped until the next drive command.</summary>
    Safe = 1,
}
