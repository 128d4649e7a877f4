namespace EdgeAutonomy.Learning;

/// <summary>What a <see cref="HermiteIntegrator"/> does; the defaults are those of AMUSE as the published experiment uses it.</summary>
public sealed record HermiteOptions
{
    /// <summary>Gets the rule for the step. Default <see cref="StepControl.Collision"/>.</summary>
    public StepControl Control { get; init; } = StepControl.Collision;

    /// <summary>Gets by how much of a step the end time may be passed, from 0 (never) to 1: steps are taken while t + h ≤ end + overshoot·h.</summary>
    /// <value>Default 1, as in one stored <c>interface.py</c> of AMUSE; its C++ source has 0.5. Adaptive steps only.</value>
    public double Overshoot { get; init; } = 1;

    /// <summary>Gets how often a step is evaluated and corrected, from 1 to 32.</summary>
    /// <value>Default 1: AMUSE's form, where the next step starts from the forces at the predicted place. More rounds make the scheme more nearly time-symmetric.</value>
    public int Rounds { get; init; } = 1;

    /// <summary>Gets whether places, speeds and time are compensated sums. Compensation starts anew with every call.</summary>
    public bool Compensated { get; init; }

    /// <summary>Gets the most steps of one call, at least 1, so that no parameter can hang a run. Default 50 million.</summary>
    public long MaxSteps { get; init; } = 50_000_000;

    /// <summary>Throws unless every value is within its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public void Validate()
    {
        if (!Enum.IsDefined(Control)) throw new ArgumentOutOfRangeException(nameof(Control), Control, "The step control of Hermite must be one of StepControl.");
        if (!(Overshoot is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(Overshoot), Overshoot, "The overshoot of Hermite must be in [0, 1] steps.");
        if (Rounds is < 1 or > 32) throw new ArgumentOutOfRangeException(nameof(Rounds), Rounds, "The rounds of Hermite must be in [1, 32].");
        if (Control == StepControl.Iterated && Rounds < 2)
            throw new ArgumentOutOfRangeException(nameof(Rounds), Rounds, "An iterated step of Hermite needs at least 2 rounds: the second uses the end that the first found.");
        if (MaxSteps < 1) throw new ArgumentOutOfRangeException(nameof(MaxSteps), MaxSteps, "The limit of steps of one call must be at least 1.");
    }
}
