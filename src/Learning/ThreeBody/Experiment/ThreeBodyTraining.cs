namespace EdgeAutonomy.Learning;

/// <summary>Trains a forecast of the energy error for dkd4 with fixed steps, the policy behind the "learned+retry" arms.</summary>
/// <remarks>
/// The measure is the cost of learned+retry on the validation seeds over that of retry on the coarse ladder, both with the tolerance 1e-8 growing with the work, at equal mean error by the cheapest mixture of retries. The weights are those with the least
/// loss on validation seeds; test seeds are not touched. Quick = fewer episodes and epochs.
/// </remarks>
public sealed class ThreeBodyTraining : ITraining
{
    private const double Share = 1;

    /// <inheritdoc/>
    public string Name => "three-body";

    /// <inheritdoc/>
    public string Summary => "Foretells the energy error of every step length for the next 0.1 yr of three bodies (dkd4).";

    /// <inheritdoc/>
    public string Ending => ".forecast";

    /// <inheritdoc/>
    public TrainingOutcome Run(ExperimentContext context, string? checkpoint)
    {
        ArgumentNullException.ThrowIfNull(context);
        ThreeBodyPlan plan = context.Quick ? ThreeBodyPlan.Quick : new ThreeBodyPlan();
        return Run(context, checkpoint, plan, ThreeBodyCase.All(context.Quick)[0], context.Quick ? 20 : 100);
    }

    internal static TrainingOutcome Run(ExperimentContext context, string? checkpoint, ThreeBodyPlan plan, ThreeBodyCase c, int validationSeeds)
    {
        const double Playing = 0.5;
        var options = new ForecastOptions
        {
            Environment = c.Environment with { Ladder = c.Fine! }, Episodes = plan.Forecast.Episodes, Epochs = plan.Forecast.Epochs, Checks = plan.Checks, LabelFloor = c.Labels.Floor,
            PathTolerance = (c.Labels.Coarse, c.Labels.Fine),
        };
        var trainer = new ForecastTrainer(options, context.Seed, done => context.Progress(Playing * done, "playing episodes to learn from"), context.Stop);
        if (checkpoint is not null && File.Exists(checkpoint)) AgentCheckpoint.Load(checkpoint, trainer.Configuration, trainer);
        var losses = new List<(double, Interval)>();
        while (!trainer.IsDone)
        {
            context.Progress(Playing + ((1 - Playing) * trainer.Epoch / options.Epochs), FormattableString.Invariant($"epoch {trainer.Epoch + 1} of {options.Epochs}"));
            trainer.RunEpoch(context.Stop);
            losses.Add((trainer.Epoch, new Interval(trainer.ValidationLoss, double.NaN, double.NaN, trainer.States)));
            if (checkpoint is not null) AgentCheckpoint.Save(checkpoint, trainer.Configuration, trainer);
        }
        ErrorForecast forecast = trainer.Best();
        Interval ratio = Measure(forecast, plan, c, validationSeeds, context.Stop);
        if (checkpoint is not null) File.Delete(checkpoint);
        return new TrainingOutcome(
            new ForecastModel(forecast),
            FormattableString.Invariant($"{trainer.States} states of {options.Episodes} episodes with seeds of 1000 and above; measured on {validationSeeds} validation seeds"),
            "cost against retry at equal mean error, x",
            ratio,
            [new ExperimentCurve("validation", "epoch", "quantile loss, decades", losses)])
        {
            Notes = [FormattableString.Invariant($"Best loss on validation states {trainer.BestLoss:0.000} decades, last {trainer.ValidationLoss:0.000}.")],
        };
    }

    private static Interval Measure(ErrorForecast forecast, ThreeBodyPlan plan, ThreeBodyCase c, int seeds, CancellationToken stop)
    {
        uint first = SeedSet.Validation.Bounds().First;
        var on = c.Test(plan.Checks) with { Seeds = SeedSet.Validation };
        var coarse = new ThreeBodyEnvironment(on);
        PlayedArm[] retries = [.. c.Tolerances.Select(t => Play(new RetryArm(new Acceptance(t, Share)), coarse))];
        PlayedArm learned = Play(new ForecastArm(forecast, new Acceptance(1e-8, Share)), new ThreeBodyEnvironment(on with { Ladder = c.Fine! }));
        Interval log = FrontComparison.MixtureCost(learned.On(..), [.. retries.Select(r => r.On(..))], plan.Resamples);
        return new Interval(DeterministicMath.Pow(10, log.Value), DeterministicMath.Pow(10, log.Low), DeterministicMath.Pow(10, log.High), log.N);

        PlayedArm Play(StepArm arm, ThreeBodyEnvironment environment)
        {
            var row = new ArmEpisode[seeds];
            for (int i = 0; i < seeds; i++)
            {
                stop.ThrowIfCancellationRequested();
                row[i] = ArmEpisode.Play(arm, environment, first + (uint)i);
            }
            return new PlayedArm(arm.Name, arm.Family, [row]);
        }
    }
}
