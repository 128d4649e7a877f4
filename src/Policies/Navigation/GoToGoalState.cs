using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Policies;

/// <summary>What <see cref="GoToGoalPolicy"/> itself carries from one decision to the next; its parts keep their own.</summary>
/// <remarks>Eight-byte fields first, then an even number of four-byte fields: no padding, so the bytes are the state.</remarks>
internal struct GoToGoalState
{
    /// <summary>When counting of milliseconds began, and whether it has (0 = not yet).</summary>
    public long StartNs, Started;

    /// <summary>Where the robot last got on, metres in the odometry frame.</summary>
    public double StillX, StillY;

    /// <summary>When it last got on, until when it looks round, and to which side (1 or −1).</summary>
    public int StillMs, RecoverUntilMs, RecoverSide, Spare;

    /// <summary>The last command, and its smoothed rates of change.</summary>
    public float LastLinear, LastAngular, Acceleration, TurnAcceleration;

    /// <summary>Gets the state before the first decision.</summary>
    public static GoToGoalState Start => new() { RecoverUntilMs = int.MinValue / 2, RecoverSide = 1, Spare = 0 };

    /// <summary>Gets whether a run can have this state.</summary>
    public readonly bool IsSound => float.IsFinite(LastLinear + LastAngular + Acceleration + TurnAcceleration) && double.IsFinite(StillX + StillY)
        && RecoverSide is 1 or -1;

    /// <summary>Adds all that later decisions depend on.</summary>
    public readonly void AddTo(ref StateHasher hasher)
    {
        hasher.Add(StartNs);
        hasher.Add(LastLinear);
        hasher.Add(LastAngular);
        hasher.Add(Acceleration);
        hasher.Add(TurnAcceleration);
        hasher.Add(StillX);
        hasher.Add(StillY);
        hasher.Add(StillMs);
        hasher.Add(RecoverUntilMs);
        hasher.Add(RecoverSide);
    }
}
