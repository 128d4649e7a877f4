namespace EdgeAutonomy.Learning;

/// <summary>Makes and plays the arms of a case.</summary>
internal sealed class ThreeBodyArms(ThreeBodyPlan plan, ulong firstSeed, int seeds, Action<string> report, CancellationToken stop)
{
    private readonly Dictionary<string, ErrorForecast[]> _forecasts = [];
    private readonly Dictionary<(string, double), ArmEpisode[]> _fixed = [];

    /// <summary>Gets the initial conditions that training used, for the check that no test seed is among them.</summary>
    public HashSet<uint> TrainingSeeds { get; } = [];

    /// <summary>Plays everything.</summary>
    public IReadOnlyList<PlayedArm> Play(ThreeBodyCase c)
    {
        var played = new List<PlayedArm>();
        Unlearned(c, played);
        if (c.Fine is not null)
        {
            if (_forecasts.TryGetValue(c.TransferFrom, out ErrorForecast[]? others)) Forecasts(c, others, $"from {c.TransferFrom}: ", played);
            if (c.TrainsForecast)
            {
                _forecasts[c.Name] = Train(c, new ForecastOptions().Hidden);
                Forecasts(c, _forecasts[c.Name], "", played);
            }
            if (c.HasLinear) Forecasts(c, Train(c, 0), "linear ", played);
        }
        foreach (double price in c.Prices) Learned(c, price, played);
        if (c.Publishes) Published(c, played);
        return played;
    }

    private void Unlearned(ThreeBodyCase c, List<PlayedArm> played)
    {
        ThreeBodyEnvironmentOptions test = c.Test(plan.Checks);
        for (int rung = c.FirstFixed; rung < test.Ladder.Count; rung++)
        {
            report($"{c.Name}: fixed rung {rung}");
            played.Add(new PlayedArm(new FixedArm(rung, test.Ladder[rung]).Name, ArmFamily.Fixed, [Fixed(test, rung)]));
        }
        var coarse = new ThreeBodyEnvironment(test);
        var fine = new ThreeBodyEnvironment(test with { Ladder = c.Fine ?? test.Ladder });
        played.Add(Play(c, coarse, new RandomArm()));
        for (int i = 0; i < c.Tolerances.Count; i++)
        {
            foreach (double share in c.Shares)
            {
                var rule = new Acceptance(c.Tolerances[i], share);
                played.Add(Play(c, coarse, new RetryArm(rule)));
                if (share > 1) continue;
                played.Add(Play(c, coarse, new RetryArm(rule, RetryStart.Warm)));
                if (!c.PlaysControllers) continue;
                PlayedArm search = Play(c, fine, new RetryArm(rule));
                played.Add(search with { Name = "fine " + search.Name });
                played.Add(search.WithoutRejected(new RetryArm(rule, RetryStart.Coarsest, pays: false).Name));
                // Once an episode has blown up these cling to the finest rung: a few tolerances show what there is to see.
                if (i % 2 == 1) played.Add(Play(c, fine, new ControlledRetryArm(rule)));
            }
            if (i % 2 == 1 && c.PlaysControllers) played.Add(Play(c, fine, new ControlledRetryArm(new Acceptance(c.Tolerances[i]), rejects: false)));
        }
        foreach (double price in c.OraclePrices) played.Add(Play(c, coarse, new LagrangeArm(price)));
    }

    // The same steps are in several ladders, and the finest are dear.
    private ArmEpisode[] Fixed(ThreeBodyEnvironmentOptions test, int rung)
    {
        (string, double) key = (test.Integrator.Name, test.Ladder[rung]);
        if (!_fixed.TryGetValue(key, out ArmEpisode[]? row)) _fixed[key] = row = FixedRuns.Play(test, rung, plan.All, stop);
        return row;
    }

    private ErrorForecast[] Train(ThreeBodyCase c, int hidden)
    {
        var made = new ErrorForecast[seeds];
        for (int i = 0; i < seeds; i++)
        {
            report($"{c.Name}: training forecast {i + 1} of {seeds}{(hidden == 0 ? ", linear" : "")}");
            var options = new ForecastOptions
            {
                Environment = c.Environment with { Ladder = c.Fine! }, Hidden = hidden, Episodes = plan.Forecast.Episodes, Epochs = plan.Forecast.Epochs, Checks = plan.Checks,
                LabelFloor = c.Labels.Floor, PathTolerance = (c.Labels.Coarse, c.Labels.Fine),
            };
            var trainer = new ForecastTrainer(options, firstSeed + (ulong)i, null, stop);
            TrainingSeeds.UnionWith(trainer.TrainingSeeds);
            while (!trainer.IsDone) trainer.RunEpoch(stop);
            made[i] = trainer.Best();
        }
        return made;
    }

    private void Forecasts(ThreeBodyCase c, ErrorForecast[] forecasts, string prefix, List<PlayedArm> played)
    {
        var fine = new ThreeBodyEnvironment(c.Test(plan.Checks) with { Ladder = c.Fine! });
        foreach (double share in c.Shares.Where(s => s <= 1))
        {
            for (int i = 0; i < c.Tolerances.Count; i++)
            {
                // What is only there to be compared with the trained one is played at every other tolerance.
                bool isOwn = prefix.Length == 0, isOther = i % 2 == 1 && share == c.Shares.Where(s => s <= 1).Max();
                if (!isOwn && !isOther) continue;
                var rule = new Acceptance(c.Tolerances[i], share);
                played.Add(Named(prefix, Play(c, fine, [.. forecasts.Select(f => new ForecastArm(f, rule))])));
                if (isOwn && isOther) played.Add(Play(c, fine, [.. forecasts.Select(f => new ForecastArm(f, rule, tests: false))]));
            }
        }
    }

    private void Learned(ThreeBodyCase c, double price, List<PlayedArm> played)
    {
        var options = c.Environment with { Price = price };
        var policies = new QNetwork[seeds];
        for (int i = 0; i < seeds; i++)
        {
            report($"{c.Name}: double DQN {i + 1} of {seeds}, price {price}");
            policies[i] = StepPolicies.Train(options, StepPolicies.Learner(plan.Steps), plan.Steps, firstSeed + (ulong)i, stop);
        }
        var test = new ThreeBodyEnvironment(c.Test(plan.Checks, options.Observation));
        played.Add(Play(c, test, [.. policies.Select(p => new PolicyArm(FormattableString.Invariant($"dqn/{price}"), seen => p.Best(seen)))]));
        foreach (double tolerance in c.Tolerances.Where(t => t is 1e-7 or 1e-9))
            played.Add(Play(c, test, [.. policies.Select(p => new RetryArm(new Acceptance(tolerance), seen => p.Best(seen), FormattableString.Invariant($"dqn+retry {price}")))]));
    }

    private void Published(ThreeBodyCase c, List<PlayedArm> played)
    {
        var options = ThreeBodyEnvironmentOptions.Published;
        var learners = new PublishedDqn[seeds];
        for (int i = 0; i < seeds; i++)
        {
            report($"{c.Name}: published learner {i + 1} of {seeds}");
            learners[i] = new PublishedDqn(new PublishedDqnOptions { Episodes = plan.PublishedEpisodes }, options, firstSeed + (ulong)i);
            learners[i].Run(stop);
        }
        var test = new ThreeBodyEnvironment(c.Test(plan.Checks, options.Observation));
        string name = FormattableString.Invariant($"published dqn ({plan.PublishedEpisodes} of 2000 episodes)");
        played.Add(Play(c, test, [.. learners.Select(l => new PolicyArm(name, seen => PublishedDqn.Largest(l.Best.Forward(seen, 1))))]));
    }

    private static PlayedArm Named(string prefix, PlayedArm arm) => arm with { Name = prefix + arm.Name };

    private PlayedArm Play(ThreeBodyCase c, ThreeBodyEnvironment environment, params ReadOnlySpan<StepArm> arms)
    {
        report($"{c.Name}: {arms[0].Name}");
        var rows = new List<ArmEpisode[]>();
        foreach (StepArm arm in arms)
        {
            var row = new ArmEpisode[plan.All.Count];
            for (int i = 0; i < row.Length; i++)
            {
                stop.ThrowIfCancellationRequested();
                row[i] = ArmEpisode.Play(arm, environment, plan.All[i]);
            }
            rows.Add(row);
        }
        return new PlayedArm(arms[0].Name, arms[0].Family, rows);
    }
}
