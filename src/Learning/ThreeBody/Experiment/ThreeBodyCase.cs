namespace EdgeAutonomy.Learning;

/// <summary>One integrator with its ladders and arms.</summary>
internal sealed record ThreeBodyCase
{
    /// <summary>Gets the name in tables.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the environment with the coarse ladder, which fixed arms and retries use.</summary>
    public required ThreeBodyEnvironmentOptions Environment { get; init; }

    /// <summary>Gets the fine ladder, four rungs for one of the coarse; null = nothing is forecast here.</summary>
    public ParameterLadder? Fine { get; init; }

    /// <summary>Gets the tolerances per interval.</summary>
    public IReadOnlyList<double> Tolerances { get; init; } = [];

    /// <summary>Gets how acceptance grows with work: the exponents that retries and forecasts are run with.</summary>
    public IReadOnlyList<double> Shares { get; init; } = [0];

    /// <summary>Gets the prices of the one-step oracle.</summary>
    public IReadOnlyList<double> OraclePrices { get; init; } = [];

    /// <summary>Gets the prices of work for double DQN; none = it is not trained here.</summary>
    public IReadOnlyList<double> Prices { get; init; } = [];

    /// <summary>Gets the case whose forecast is tried here without training; empty = none.</summary>
    public string TransferFrom { get; init; } = "";

    /// <summary>Gets whether a forecast is trained here; otherwise one is only carried over.</summary>
    public bool TrainsForecast { get; init; } = true;

    /// <summary>Gets whether the classical step-size controllers and the search on the fine ladder are played.</summary>
    public bool PlaysControllers { get; init; } = true;

    /// <summary>Gets whether the published learner is trained here.</summary>
    public bool Publishes { get; init; }

    /// <summary>Gets whether a linear forecast is trained as well, to see what the hidden layers are worth.</summary>
    public bool HasLinear { get; init; }

    /// <summary>Gets the finest coarse rung that is played fixed.</summary>
    public int FirstFixed { get; init; }

    /// <summary>Gets the error below which labels go no finer, and the tolerances that training trajectories keep, as log10.</summary>
    public (double Floor, double Coarse, double Fine) Labels { get; init; } = (1e-12, -7, -11);

    /// <summary>Gets the unit of work.</summary>
    public string Unit => Environment.CostInForces ? "force evaluations" : "steps";

    /// <summary>Returns the environment for tests: no early end, every seed.</summary>
    public ThreeBodyEnvironmentOptions Test(int checks, ThreeBodyObservation observation = ThreeBodyObservation.Distance) =>
        Environment with { Checks = checks, ErrorStop = double.MaxValue, Seeds = SeedSet.Any, Observation = observation };

    /// <summary>Returns the cases of the full experiment, or of the quick one.</summary>
    public static IReadOnlyList<ThreeBodyCase> All(bool quick)
    {
        double finest = quick ? 1e-4 : 3.16227766016838e-6;
        int rungs = quick ? 5 : 8;
        ThreeBodyCase dkd4 = Splitting("dkd4", SplittingScheme.Fourth, finest, 1e-2, rungs) with
        {
            Tolerances = quick ? [1e-6, 1e-8] : [1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10],
            Prices = [0.3],
            HasLinear = !quick,
        };
        ThreeBodyCase hermite = new()
        {
            Name = "hermite", Environment = new ThreeBodyEnvironmentOptions { Ladder = quick ? ParameterLadder.Logarithmic(1e-3, 1e-1, 7) : ParameterLadder.Hermite },
            Fine = quick ? ParameterLadder.Logarithmic(1e-3, 1e-1, 17) : ParameterLadder.Logarithmic(1e-4, 1e-1, 29), Tolerances = quick ? [1e-6, 1e-8] : [1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12],
            OraclePrices = quick ? [1e-11] : [1e-9, 1e-11, 1e-13, 1e-15], Prices = quick ? [0.1] : [0.03, 0.1, 0.3, 1], TransferFrom = "dkd4", Publishes = !quick, Labels = (1e-13, -7, -12),
        };
        if (quick) return [dkd4, hermite];
        ThreeBodyCase leapfrog = Splitting("leapfrog", SplittingScheme.DriftKickDrift, finest, 1e-2, rungs) with
        {
            Tolerances = [1e-3, 1e-4, 1e-5, 1e-6, 1e-7],
            TransferFrom = "dkd4",
            Labels = (1e-9, -5, -8),
        };
        ThreeBodyCase wide = Splitting("dkd4-wide", SplittingScheme.Fourth, finest, 1e-1, 10) with { Tolerances = dkd4.Tolerances, PlaysControllers = false };
        ThreeBodyCase symmetrised = hermite with
        {
            Name = "hermite-symmetrised",
            Environment = hermite.Environment with { Integrator = new HermiteIntegrator(new HermiteOptions { Control = StepControl.Symmetrised }) },
            Tolerances = [1e-8, 1e-10],
            OraclePrices = [],
            Prices = [],
            Publishes = false,
            FirstFixed = 2,
            TrainsForecast = false,
            PlaysControllers = false,
        };
        return [dkd4, wide, leapfrog, hermite, symmetrised];
    }

    private static ThreeBodyCase Splitting(string name, SplittingScheme scheme, double finest, double coarsest, int rungs) => new()
    {
        Name = name,
        Environment = ThreeBodyEnvironmentOptions.FixedStep with { Integrator = new SplittingIntegrator(scheme), Ladder = ParameterLadder.Logarithmic(finest, coarsest, rungs) },
        Fine = ParameterLadder.Logarithmic(finest, coarsest, ((rungs - 1) * ForecastArm.Stride) + 1),
        Shares = [0, 1, 1.5],
        OraclePrices = [1e-9, 1e-11, 1e-13, 1e-15],
    };
}
