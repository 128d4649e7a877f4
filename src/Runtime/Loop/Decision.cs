namespace EdgeAutonomy.Runtime;

/// <summary>One decision: the action, the wish for the next sensing, and what the policy knows about the next time step.</summary>
/// <typeparam name="TAction">The action, an unmanaged struct.</typeparam>
public struct Decision<TAction> where TAction : unmanaged
{
    /// <summary>The action proposed to the guard.</summary>
    public TAction Action;

    /// <summary>What to sense in the next cycle; <see cref="SensingRequest.None"/> leaves the sensing as it is.</summary>
    public SensingRequest Request;

    /// <summary>The longest next period the policy can answer for; <see cref="Duration.Unlimited"/> = no opinion. It only ever shortens.</summary>
    public Duration PeriodLimit;

    /// <summary>The grid index the policy itself chooses for the next period, or −1 to leave it to the pacer.</summary>
    public sbyte PeriodIndex;

    /// <summary>Time to the nearest contact in seconds; +∞ when none is in sight.</summary>
    public float TimeToContact;

    /// <summary>Local error of this control step in units of the tolerance (1 = just tolerable); NaN when not estimated.</summary>
    public float StepError;

    /// <summary>A decision that asks for nothing.</summary>
    public static Decision<TAction> None => new()
    {
        Request = SensingRequest.None,
        PeriodLimit = Duration.Unlimited,
        PeriodIndex = -1,
        TimeToContact = float.PositiveInfinity,
        StepError = float.NaN,
    };

    /// <summary>Writes the decision field by field.</summary>
    public readonly void Freeze(StateWriter w)
    {
        w.Write(Action);
        w.Write(Request);
        w.Write(PeriodLimit.Nanoseconds);
        w.Write(PeriodIndex);
        w.Write(TimeToContact);
        w.Write(StepError);
    }

    /// <summary>Reads what <see cref="Freeze"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a decision on such an action.</exception>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "Decision");
        Action = r.Read<TAction>();
        Request = r.Read<SensingRequest>();
        PeriodLimit = new Duration(r.Read<long>());
        PeriodIndex = r.Read<sbyte>();
        TimeToContact = r.Read<float>();
        StepError = r.Read<float>();
        r.End();
    }
}
