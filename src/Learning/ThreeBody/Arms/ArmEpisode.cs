namespace EdgeAutonomy.Learning;

/// <summary>One episode of an arm.</summary>
/// <param name="Seed">The seed of the initial conditions.</param>
/// <param name="LogError">log10 of the final |ΔE/E0|, within ±17; what blew up into NaN counts as 17.</param>
/// <param name="Checks">The checks made.</param>
/// <param name="Work">What it took.</param>
public readonly record struct ArmEpisode(uint Seed, double LogError, int Checks, ArmWork Work)
{
    private const double Log10 = 0.43429448190325182; // 1/ln 10

    /// <summary>Plays an episode from its initial conditions to its last check or its failure.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="environment">The environment; its options say how many checks, and what ends an episode early.</param>
    /// <param name="seed">The seed of the initial conditions.</param>
    /// <exception cref="ArgumentOutOfRangeException">The seed is none of the environment's set.</exception>
    public static ArmEpisode Play(StepArm arm, ThreeBodyEnvironment environment, uint seed)
    {
        ArgumentNullException.ThrowIfNull(arm);
        ArgumentNullException.ThrowIfNull(environment);
        float[] seen = new float[environment.ObservationLength], next = new float[environment.ObservationLength];
        environment.Reset(seed, seen);
        arm.Begin(seed);
        ArmWork work = default;
        ThreeBodyTransition made;
        do
        {
            made = arm.Step(environment, seen, next, ref work);
            (seen, next) = (next, seen);
        }
        while (!made.Terminated && !made.Truncated);
        return new ArmEpisode(seed, SizeOf(made.Info.EnergyError), made.Info.Check, work);
    }

    /// <summary>Returns log10 of the size of an error, within ±17; NaN is 17.</summary>
    /// <param name="error">The error.</param>
    public static double SizeOf(double error)
    {
        double size = Math.Abs(error);
        return double.IsNaN(size) ? 17 : DeterministicMath.Log(Math.Clamp(size, 1e-17, 1e17)) * Log10;
    }
}
