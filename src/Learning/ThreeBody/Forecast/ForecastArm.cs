namespace EdgeAutonomy.Learning;

/// <summary>Learned + retry: tries the coarsest rung whose foretold error is allowed, and still accepts or rejects by the error made.</summary>
/// <remarks>
/// The guarantee is that of <see cref="RetryArm"/>; what is saved are its rejected trials, and, because a fine ladder costs nothing here, the accuracy that a coarse ladder gives away.
/// A rejected trial shows by how much the forecast was wrong: the rest of it is raised by that, and the next trial is finer by at least what the order of the scheme asks for. From the second rejection on a trial
/// is at least <see cref="Stride"/> rungs finer, so that the rejected work stays a geometric series. Where even the finest rung is not accepted, every <see cref="Stride"/>-th rung is tried and the least bad kept,
/// as a retry on the coarse ladder does.
/// </remarks>
public sealed class ForecastArm : StepArm
{
    /// <summary>How many rungs of the fine ladder are one of the coarse.</summary>
    public const int Stride = 4;

    /// <summary>The decades between error and limit from which on the next interval is tried at the coarsest rung without a forecast; chosen on the validation seeds.</summary>
    public const double Confidence = 2;

    private readonly ErrorForecast _forecast;
    private readonly Acceptance _rule;
    private readonly bool _tests;
    private readonly float[] _expected;
    private readonly double[] _costs, _limits;
    private double _lastLog, _lastShare;
    private ThreeBodyEnvironment? _known;

    /// <summary>Makes an arm.</summary>
    /// <param name="forecast">The forecast; it may come from another integrator, rungs are matched by index.</param>
    /// <param name="rule">When an interval is accepted.</param>
    /// <param name="tests">Whether the error made is tested; without, it is the policy alone.</param>
    /// <param name="name">The name, for tables.</param>
    public ForecastArm(ErrorForecast forecast, Acceptance rule, bool tests = true, string? name = null)
        : base(rule.Name(name ?? (tests ? "learned+retry" : "learned")), ArmFamily.Learned)
    {
        ArgumentNullException.ThrowIfNull(forecast);
        (_forecast, _rule, _tests) = (forecast, rule, tests);
        (_expected, _costs, _limits) = (new float[forecast.Ladder.Count], new double[forecast.Ladder.Count], new double[forecast.Ladder.Count]);
    }

    /// <inheritdoc/>
    public override void Begin(uint seed) => (_lastLog, _lastShare) = (-16, 1);

    /// <inheritdoc/>
    public override ThreeBodyTransition Step(ThreeBodyEnvironment environment, ReadOnlySpan<float> seen, Span<float> next, ref ArmWork work)
    {
        if (!ReferenceEquals(environment, _known)) Meet(environment);
        ThreeBodyCheckpoint before = environment.Save();
        // Far from any encounter the last error says enough, and a wrong guess costs one coarse trial.
        bool asked = !_tests || _lastShare < 1 || _lastLog > _limits[^1] - Confidence;
        if (asked) Ask(before.State, ref work);
        int finest = 0, coarsest = environment.ActionCount - 1, top = coarsest, rejections = 0;
        double surprise = 0;
        var search = new Search(before);
        while (top >= finest)
        {
            int rung = top;
            while (asked && rung > finest && _expected[rung] + surprise > _limits[rung]) rung--;
            double log = search.Try(environment, rung, next, _rule, !_tests, ref work);
            if (search.IsAccepted) break;
            if (!asked) Ask(before.State, ref work);
            asked = true;
            rejections++;
            surprise = Math.Max(surprise, log - _expected[rung]);
            top = rung - Math.Max(rejections >= 2 ? Stride : 1, Finer(environment, rung, log));
            if (rung > finest && top < finest) top = finest;
        }
        if (!search.IsAccepted)
        {
            for (int rung = coarsest; rung > finest && !search.IsAccepted; rung -= Stride) search.Try(environment, rung, next, _rule, accepts: false, ref work);
        }
        (_lastLog, _lastShare) = (search.Log, search.Rung / (double)coarsest);
        return search.Finish(environment, next, ref work);
    }

    private void Ask(in ThreeBodyState state, ref ArmWork work)
    {
        _forecast.Predict(state, _lastLog, _lastShare).CopyTo(_expected);
        work.Inferences++;
    }

    // How many rungs the order asks for, minus a third: the forecast has its say as well.
    private int Finer(ThreeBodyEnvironment environment, int rung, double log)
    {
        const double Caution = 0.7, Log10 = 0.43429448190325182;
        ParameterLadder ladder = environment.Options.Ladder;
        double perRung = DeterministicMath.Log(ladder[ladder.Count - 1] / ladder[0]) * Log10 / (ladder.Count - 1);
        return (int)Math.Clamp(Caution * (log - _limits[rung]) / (environment.Options.Integrator.Order * perRung), 0, ladder.Count);
    }

    // The limit of each rung, as log10, from its work. A fixed step's work is known before it is tried; of an adaptive one only proportions are, which a limit without share does not need.
    private void Meet(ThreeBodyEnvironment environment)
    {
        ThreeBodyEnvironmentOptions options = environment.Options;
        if (options.Ladder.Count != _expected.Length)
            throw new ArgumentException($"The forecast is for {_expected.Length} rungs, the environment has {options.Ladder.Count}; rungs are matched by index.", nameof(environment));
        for (int rung = 0; rung < _costs.Length; rung++)
        {
            _costs[rung] = options.LadderInYears ? ThreeBodyCost.OfCheck(options, rung) : options.ReferenceCost * 1e-2 / options.Ladder[rung];
            _limits[rung] = ArmEpisode.SizeOf(_rule.Limit(_costs[rung]));
        }
        _known = environment;
    }

    /// <summary>The trials of one check.</summary>
    private ref struct Search(in ThreeBodyCheckpoint before)
    {
        private readonly ThreeBodyCheckpoint _before = before;
        private ThreeBodyCheckpoint _best = before;
        private ThreeBodyTransition _made;
        private double _least = double.PositiveInfinity;
        private long _spent, _kept;
        private int _trials;

        public bool IsAccepted { get; private set; }

        public int Rung { get; private set; }

        public double Log { get; private set; } = 6;

        // Returns log10 of the error, at most 6.
        public double Try(ThreeBodyEnvironment environment, int rung, Span<float> next, in Acceptance rule, bool accepts, ref ArmWork work)
        {
            if (_trials++ > 0) environment.Restore(_before);
            ThreeBodyTransition made = environment.Step(rung, next);
            long cost = Cost(environment, made);
            double error = ErrorOf(made), log = Math.Clamp(ArmEpisode.SizeOf(error), -16, 6);
            work.Trials++;
            _spent += cost;
            IsAccepted = accepts || error <= rule.Limit(cost);
            if (IsAccepted || error < _least || _trials == 1)
            {
                (_best, _made, _least, _kept) = (environment.Save(), made, error, cost);
                (Rung, Log) = (rung, log);
            }
            return log;
        }

        public readonly ThreeBodyTransition Finish(ThreeBodyEnvironment environment, Span<float> next, ref ArmWork work)
        {
            environment.Restore(_best);
            environment.Look(next);
            work.Accepted += _kept;
            work.Rejected += _spent - _kept;
            return _made;
        }
    }
}
