namespace EdgeAutonomy.Learning;

/// <summary>What a <see cref="ThreeBodyEnvironment"/> is; the defaults are our formulation with Hermite.</summary>
public sealed record ThreeBodyEnvironmentOptions
{
    /// <summary>Gets the integrator whose parameter the policy chooses. Default: Hermite as published.</summary>
    public IThreeBodyIntegrator Integrator { get; init; } = new HermiteIntegrator();

    /// <summary>Gets the parameters to choose from. Default <see cref="ParameterLadder.Hermite"/>.</summary>
    public ParameterLadder Ladder { get; init; } = ParameterLadder.Hermite;

    /// <summary>Gets whether the ladder holds steps in years, for integrators of fixed step; otherwise it is given to the integrator as it is.</summary>
    public bool LadderInYears { get; init; }

    /// <summary>Gets what the policy sees. Default <see cref="ThreeBodyObservation.Invariant"/>.</summary>
    public ThreeBodyObservation Observation { get; init; } = ThreeBodyObservation.Invariant;

    /// <summary>Gets the reward. Default <see cref="ThreeBodyRewardKind.Ours"/>.</summary>
    public ThreeBodyRewardKind Reward { get; init; } = ThreeBodyRewardKind.Ours;

    /// <summary>Gets the decisions of an episode, one per 0.1 yr, at least 1. Default 100; evaluation uses 300.</summary>
    public int Checks { get; init; } = 100;

    /// <summary>Gets whether the last check is a real end, as in the published code (a defect: nothing in the state tells it). Default false: a truncation.</summary>
    public bool TimeLimitIsTerminal { get; init; }

    /// <summary>Gets the cumulative |ΔE| above which an episode ends, above 0. Default 0.1; the published transfer runs use 1e10.</summary>
    public double ErrorStop { get; init; } = 0.1;

    /// <summary>Gets the error below which accuracy no longer pays in our reward, above 0. Default 1e-8.</summary>
    public double Tolerance { get; init; } = 1e-8;

    /// <summary>Gets the worth of one decade of error in our reward, at least 0. Default 1.</summary>
    public double AccuracyWeight { get; init; } = 1;

    /// <summary>Gets the price of work in our reward, at least 0. Default 0.1; {0.03, 0.1, 0.3, 1} trace the front.</summary>
    public double Price { get; init; } = 0.1;

    /// <summary>Gets the work of an interval that counts as one unit, above 0. Default 17 steps: the median of Hermite at μ = 1e-2 (5.1e3 in 300 checks).</summary>
    public double ReferenceCost { get; init; } = 17;

    /// <summary>Gets whether work is counted in force evaluations; otherwise in steps.</summary>
    public bool CostInForces { get; init; }

    /// <summary>Gets what our reward loses when an episode ends by its error, at least 0. Default 10.</summary>
    public double FailurePenalty { get; init; } = 10;

    /// <summary>Gets W0 of the published reward. Default 3000.</summary>
    public double PublishedAccuracyWeight { get; init; } = 3000;

    /// <summary>Gets W2 of the published reward. Default 4.</summary>
    public double PublishedSpeedWeight { get; init; } = 4;

    /// <summary>Gets the seeds that episodes may start from. Default <see cref="SeedSet.Training"/>.</summary>
    public SeedSet Seeds { get; init; } = SeedSet.Training;

    /// <summary>Gets the published training environment, its defects included, for reproduction: Cartesian state, reward option 5, seeds 0…999, terminal time limit.</summary>
    public static ThreeBodyEnvironmentOptions Published => new()
    {
        Observation = ThreeBodyObservation.Cartesian,
        Reward = ThreeBodyRewardKind.Published,
        TimeLimitIsTerminal = true,
        Seeds = SeedSet.PublishedTraining,
    };

    /// <summary>Gets our environment for the 4th-order splitting with fixed steps: steps in years, work in force evaluations, a unit of 600 (dt = 1e-3 yr).</summary>
    public static ThreeBodyEnvironmentOptions FixedStep => new()
    {
        Integrator = new SplittingIntegrator(SplittingScheme.Fourth),
        Ladder = ParameterLadder.FixedYears,
        LadderInYears = true,
        CostInForces = true,
        ReferenceCost = 600,
    };

    /// <summary>Throws unless every value is within its range.</summary>
    /// <exception cref="ArgumentNullException">Integrator or ladder is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Integrator);
        ArgumentNullException.ThrowIfNull(Ladder);
        if (!Enum.IsDefined(Observation)) throw new ArgumentOutOfRangeException(nameof(Observation), Observation, "The observation must be one of ThreeBodyObservation.");
        if (!Enum.IsDefined(Reward)) throw new ArgumentOutOfRangeException(nameof(Reward), Reward, "The reward must be one of ThreeBodyRewardKind.");
        if (Checks < 1) throw new ArgumentOutOfRangeException(nameof(Checks), Checks, "An episode needs at least 1 check.");
        if (Reward == ThreeBodyRewardKind.Published && Ladder[Ladder.Count - 1] >= 1)
            throw new ArgumentOutOfRangeException(nameof(Ladder), Ladder[Ladder.Count - 1], "The published reward is defined for parameters below 1.");
        Positive(ErrorStop, nameof(ErrorStop));
        Positive(Tolerance, nameof(Tolerance));
        Positive(ReferenceCost, nameof(ReferenceCost));
        NotNegative(AccuracyWeight, nameof(AccuracyWeight));
        NotNegative(Price, nameof(Price));
        NotNegative(FailurePenalty, nameof(FailurePenalty));
        NotNegative(PublishedAccuracyWeight, nameof(PublishedAccuracyWeight));
        NotNegative(PublishedSpeedWeight, nameof(PublishedSpeedWeight));
        _ = Seeds.Bounds();
    }

    private static void Positive(double value, string name)
    {
        if (!(value > 0) || !double.IsFinite(value)) throw new ArgumentOutOfRangeException(name, value, $"{name} of a three-body environment must be finite and above 0.");
    }

    private static void NotNegative(double value, string name)
    {
        if (!(value >= 0) || !double.IsFinite(value)) throw new ArgumentOutOfRangeException(name, value, $"{name} of a three-body environment must be finite and at least 0.");
    }
}
