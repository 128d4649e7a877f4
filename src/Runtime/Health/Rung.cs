namespace EdgeAutonomy.Runtime;

/// <summary>The steps of the health ladder, from full operation to safe stop.</summary>
public enum Rung : byte
{
    /// <summary>Everything works.</summary>
    Nominal = 0,

    /// <summary>Little slack or some doubt: cheaper variants, more sensing.</summary>
    Strained = 1,

    /// <summary>Deadlines missed, data old or doubtful: speed cap, secondary sensors dropped.</summary>
    Degraded = 2,

    /// <summary>No fresh percept or the actuator refuses: the last command decays to rest.</summary>
    Hold = 3,

    /// <summary>The safe action every cycle, latched until a person clears it.</summary>
    SafeStop = 4,
}
