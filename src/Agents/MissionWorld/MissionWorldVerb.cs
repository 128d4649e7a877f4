namespace EdgeAutonomy.Agents;

/// <summary>The verbs of MissionWorld's commands. The order is part of the feature vocabulary.</summary>
public enum MissionWorldVerb
{
    /// <summary><c>drive to P</c>.</summary>
    Drive,

    /// <summary><c>open door N</c>.</summary>
    OpenDoor,

    /// <summary><c>open locker N</c>.</summary>
    OpenLocker,

    /// <summary><c>pick I from P</c>.</summary>
    Pick,

    /// <summary><c>process I at P</c>.</summary>
    Process,

    /// <summary><c>deliver I to P</c>.</summary>
    Deliver,

    /// <summary><c>inspect X</c>.</summary>
    Inspect,

    /// <summary><c>charge</c>.</summary>
    Charge,

    /// <summary><c>dock</c>.</summary>
    Dock,

    /// <summary><c>report</c>.</summary>
    Report,
}
