namespace EdgeAutonomy.Runtime;

/// <summary>Kinds of input that reach a loop from outside, beside its sensor.</summary>
public enum LoopInputKind : byte
{
    /// <summary>Stop safely and latch.</summary>
    EmergencyStop = 1,

    /// <summary>Clear a latched safe stop; the ladder climbs again rung by rung.</summary>
    ClearStop = 2,

    /// <summary>Cap the period at <see cref="LoopInput.Value"/> milliseconds; 0 lifts the cap.</summary>
    PeriodCap = 3,

    /// <summary>A sensing request by an operator or agent.</summary>
    Sensing = 4,

    /// <summary>A required peer was lost (value 1) or is back (value 0).</summary>
    PeerLost = 5,

    /// <summary>A part outside the loop, such as a recorder whose disk is full, asks for at least rung <see cref="LoopInput.Value"/> (0 … 3); 0 lifts it.</summary>
    RungFloor = 6,
}
