namespace EdgeAutonomy.Runtime;

/// <summary>The answer of one stage call: an outcome and, for a failure, its code.</summary>
/// <param name="Outcome">What the stage made of the call.</param>
/// <param name="Code">The reason of a failure; <see cref="FailureCode.None"/> otherwise.</param>
/// <remarks>Four bytes, no padding that carries data, so it is recorded and hashed as it stands.</remarks>
public readonly record struct StageStatus(StageOutcome Outcome, FailureCode Code = FailureCode.None)
{
    /// <summary>The output is complete.</summary>
    public static readonly StageStatus Ok = new(StageOutcome.Ok);

    /// <summary>Nothing to do; the output is untouched.</summary>
    public static readonly StageStatus NoOutput = new(StageOutcome.NoOutput);

    /// <summary>Usable output of lower quality.</summary>
    public static readonly StageStatus Degraded = new(StageOutcome.Degraded);

    /// <summary>Left out on purpose by the runtime.</summary>
    public static readonly StageStatus Skipped = new(StageOutcome.Skipped);

    /// <summary>Gets whether the output may be read.</summary>
    public bool HasOutput => Outcome is StageOutcome.Ok or StageOutcome.Degraded;

    /// <summary>Gets whether the stage failed.</summary>
    public bool IsFailed => Outcome == StageOutcome.Failed;

    /// <summary>Makes a failure.</summary>
    public static StageStatus Failed(FailureCode code) => new(StageOutcome.Failed, code);

    /// <summary>Returns "Ok", "NoOutput", "Degraded", "Skipped" or "Failed(code)".</summary>
    public override string ToString() => IsFailed ? $"Failed({Code})" : Outcome.ToString();
}
