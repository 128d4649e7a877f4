using System.Buffers;
using System.Text;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>Trains a mission policy: clones the expert, then learns from its own episodes; <c>edge train mission</c>.</summary>
/// <remarks>
/// The policy that did best on validation missions is shipped, the cloned one being the first candidate. A checkpoint is written at each validation; a resumed training gives the uninterrupted one's bits. Quick = a
/// tenth of the episodes.
/// </remarks>
/// <param name="recipe">What is trained and how.</param>
public sealed class MissionTraining(MissionTrainingRecipe recipe) : ITraining
{
    private const ulong TestSeed = 10_000, ValidationSeed = 20_000;

    /// <inheritdoc/>
    public string Name => recipe.Name;

    /// <inheritdoc/>
    public string Summary => recipe.Summary;

    /// <inheritdoc/>
    public string Ending => CandidateFile.Ending;

    /// <inheritdoc/>
    public TrainingOutcome Run(ExperimentContext context, string? checkpoint)
    {
        ArgumentNullException.ThrowIfNull(context);
        var options = context.Quick ? recipe.Ppo with { Episodes = Math.Max(2, recipe.Ppo.Episodes / 10), PreRollouts = recipe.Ppo.PreRollouts / 10 } : recipe.Ppo;
        IMissionSet training = recipe.Training(context), test = recipe.Test(context);
        var network = new CandidateNetwork<float>(training.Shape, recipe.Network);
        network.Initialize(context.Seed);
        bool resumes = checkpoint is not null && File.Exists(checkpoint);
        if (!resumes) Clone(network, training, context);
        var ppo = new MissionPpo(training, network, options, recipe.Attributor(training.Shape, options, context.Seed), context.Seed);
        var state = new State(ppo);
        ulong configuration = ppo.Configuration ^ RandomStream.Fnv1a($"{recipe.Cloning.Description} {recipe.ValidateEvery} {recipe.ValidationEpisodes}");
        int[] validation = new MissionNumbers(training).Draw(RandomStream.For(context.Seed, "validation"), recipe.ValidationEpisodes);
        if (resumes) AgentCheckpoint.Load(checkpoint!, configuration, state);
        else Validate(state, training, validation, context.Stop);
        while (ppo.Episodes < options.Episodes)
        {
            context.Stop.ThrowIfCancellationRequested();
            ppo.Iterate(context.Stop);
            if (ppo.Iterations % recipe.ValidateEvery == 0 || ppo.Episodes >= options.Episodes)
            {
                Validate(state, training, validation, context.Stop);
                if (checkpoint is not null) AgentCheckpoint.Save(checkpoint, configuration, state);
            }
            context.Progress(Math.Min(1, (double)ppo.Episodes / options.Episodes), FormattableString.Invariant($"seed {context.Seed}, episode {ppo.Episodes:N0} of {options.Episodes:N0}, validation success {state.Last:0.000}, best {state.Best:0.000}"));
        }
        return Outcome(state, test, context);
    }

    private void Clone(CandidateNetwork<float> network, IMissionSet training, ExperimentContext context)
    {
        context.Progress(0, FormattableString.Invariant($"seed {context.Seed}, cloning the expert"));
        var cloning = context.Quick ? recipe.Cloning with { Episodes = Math.Max(20, recipe.Cloning.Episodes / 5), CorrectedEpisodes = recipe.Cloning.CorrectedEpisodes / 5 } : recipe.Cloning;
        new BehaviourCloning(network, cloning, context.Seed).Run(training, context.Stop);
    }

    private static void Validate(State state, IMissionSet training, int[] numbers, CancellationToken stop)
    {
        var network = state.Ppo.Network;
        var score = new MissionScore(new MissionPlayer(network).Play(training, numbers, ValidationSeed, new PlayOptions { Greedy = true }, stop));
        state.Last = score.Success.Value;
        state.Log.Add(state.Ppo.Steps, [("validation/success", score.Success.Value), ("validation/length", score.MeanLength), ("training/episodes", state.Ppo.Episodes)]);
        // Of equals the later one: it has seen more.
        if (!(state.Last >= state.Best) && state.BestIteration >= 0) return;
        (state.Best, state.BestIteration) = (state.Last, state.Ppo.Iterations);
        state.BestNetwork.CopyFrom(network);
    }

    private TrainingOutcome Outcome(State state, IMissionSet test, ExperimentContext context)
    {
        int[] numbers = new MissionNumbers(test).HeldOut(recipe.TestEpisodes);
        MissionScore best = Test(state.BestNetwork, greedy: true), drawn = Test(state.BestNetwork, greedy: false), last = Test(state.Ppo.Network, greedy: true);
        return new TrainingOutcome(
            new MissionPolicyModel(recipe.Name, state.BestNetwork), FormattableString.Invariant($"missions of '{state.Ppo.Missions}'; tested on {numbers.Length} of '{test.Name}' that no choice rests on"),
            "success of the likeliest executable commands", best.Success, [Curve(state.Log, "validation/success"), Curve(state.Ppo.Log, "training/success")])
        {
            Companions = new Dictionary<string, byte[]> { [".curves.csv"] = Encoding.UTF8.GetBytes(state.Ppo.Log.ToCsv(context.Seed)), [".validation.csv"] = Encoding.UTF8.GetBytes(state.Log.ToCsv(context.Seed)) },
            Notes =
            [
                FormattableString.Invariant($"best on validation: iteration {state.BestIteration} of {state.Ppo.Iterations} (0 = the cloned policy), {state.Best:0.000} there; last iterate: {last.Success.Value:0.000} in the test"),
                FormattableString.Invariant($"drawn instead of likeliest commands: {drawn.Success.Value:0.000}; mean length {best.MeanLength:0.0} steps; attributor {state.Ppo.Attributor.Version}"),
            ],
        };

        MissionScore Test(CandidateNetwork<float> network, bool greedy) => new(new MissionPlayer(network).Play(test, numbers, TestSeed, new PlayOptions { Greedy = greedy }, context.Stop));
    }

    private static ExperimentCurve Curve(LearningLog log, string name)
    {
        int at = log.Names.ToList().IndexOf(name);
        return new ExperimentCurve(name, "environment steps", "success", [.. Enumerable.Range(0, log.Steps.Count).Select(i => ((double)log.Steps[i], new Interval(log[i, at], double.NaN, double.NaN, 1)))]);
    }

    private sealed class State(MissionPpo ppo) : IFreezable
    {
        public MissionPpo Ppo => ppo;

        public CandidateNetwork<float> BestNetwork { get; } = new(ppo.Network.Shape, ppo.Network.Options);

        public LearningLog Log { get; } = new();

        public double Best { get; set; } = double.NaN;

        public double Last { get; set; } = double.NaN;

        public int BestIteration { get; set; } = -1;

        public void Freeze(IBufferWriter<byte> writer)
        {
            var w = new StateWriter(writer);
            w.Write(Best);
            w.Write(Last);
            w.Write(BestIteration);
            foreach (var p in BestNetwork.Parameters) w.WriteSpan<float>(p.Value);
            StatePart.Write(w, Log);
            StatePart.Write(w, ppo);
        }

        public void Thaw(ReadOnlySpan<byte> state)
        {
            var r = new StateReader(state, "training of a mission policy");
            (Best, Last, BestIteration) = (r.Read<double>(), r.Read<double>(), r.ReadInt32(-1, int.MaxValue));
            foreach (var p in BestNetwork.Parameters) r.ReadFinite(p.Value, "weights");
            Log.Thaw(r.ReadBytes());
            ppo.Thaw(r.ReadBytes());
            r.End();
        }
    }
}
