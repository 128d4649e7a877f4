namespace EdgeAutonomy.Learning;

/// <summary>Plays fixed rungs on many seeds side by side, with the numbers that <see cref="FixedArm"/> gives one by one: the finest rungs take most of an experiment's time.</summary>
internal static class FixedRuns
{
    /// <summary>Plays one rung on seeds.</summary>
    /// <param name="options">The environment; its error stop is not looked at.</param>
    /// <param name="rung">The rung.</param>
    /// <param name="seeds">The seeds.</param>
    /// <param name="stop">Ends it.</param>
    public static ArmEpisode[] Play(ThreeBodyEnvironmentOptions options, int rung, IReadOnlyList<uint> seeds, CancellationToken stop = default)
    {
        if (Advancer(options, rung) is not { } advance)
        {
            var arm = new FixedArm(rung, options.Ladder[rung]);
            var environment = new ThreeBodyEnvironment(options with { ErrorStop = double.MaxValue });
            return [.. seeds.Select(seed => { stop.ThrowIfCancellationRequested(); return ArmEpisode.Play(arm, environment, seed); })];
        }
        var states = new ThreeBodyState[seeds.Count];
        var start = new double[seeds.Count];
        var results = new IntegrationResult[seeds.Count];
        var order = new int[seeds.Count];
        var played = new ArmEpisode[seeds.Count];
        for (int i = 0; i < states.Length; i++)
        {
            states[i] = ThreeBodySystem.FromSeed(seeds[i]);
            (start[i], order[i], played[i]) = (ThreeBodySystem.Energy(states[i]), i, new ArmEpisode(seeds[i], 0, 0, default));
        }
        int running = states.Length;
        for (int check = 1; check <= options.Checks; check++)
        {
            stop.ThrowIfCancellationRequested();
            advance(states.AsSpan(0, running), check * ThreeBodySystem.CheckStep, results.AsSpan(0, running));
            for (int i = 0; i < running; i++)
            {
                ArmEpisode p = played[order[i]];
                ArmWork work = p.Work;
                work.Accepted += options.CostInForces ? results[i].ForceEvaluations : results[i].Steps;
                work.Trials++;
                double energy = ThreeBodySystem.Energy(states[i]), error = ((energy - start[order[i]]) / start[order[i]]) + 1e-20;
                played[order[i]] = new ArmEpisode(p.Seed, ArmEpisode.SizeOf(error), check, work);
                // As in the environment: what failed is not carried on.
                if (results[i].Outcome == IntegrationOutcome.Reached && Math.Abs(error) <= double.MaxValue) continue;
                running--;
                (states[i], order[i], results[i]) = (states[running], order[running], results[running]);
                i--;
            }
        }
        return played;
    }

    private delegate void Advance(Span<ThreeBodyState> states, double end, Span<IntegrationResult> results);

    private static Advance? Advancer(ThreeBodyEnvironmentOptions options, int rung)
    {
        double parameter = options.LadderInYears ? options.Ladder[rung] / ThreeBodySystem.TimeYears : options.Ladder[rung];
        if (options.Integrator is SplittingIntegrator { Control: StepControl.Fixed, IsCompensated: false, Scheme: not SplittingScheme.KickDriftKick } splitting)
        {
            var batch = new SplittingBatch(splitting.Scheme);
            return (states, end, results) => batch.Advance(states, end, parameter, results);
        }
        if (options.Integrator is HermiteIntegrator { Options: { Control: StepControl.Collision, Rounds: 1, Compensated: false } own })
        {
            var batch = new HermiteBatch(own.Overshoot, own.MaxSteps);
            return (states, end, results) =>
            {
                Span<double> ends = new double[states.Length], parameters = new double[states.Length];
                ends.Fill(end);
                parameters.Fill(parameter);
                batch.Advance(states, ends, parameters, results);
            };
        }
        return null;
    }
}
