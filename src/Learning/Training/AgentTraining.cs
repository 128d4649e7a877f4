using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>Trains an agent, validates it on the way, keeps the best actor, and tests the best and the last one on episodes that no choice rests on.</summary>
/// <remarks>
/// Seeds of episodes: training has the highest bit set (<see cref="VectorEnvironment.EpisodeSeed"/>), validation 20 000 …, test 10 000 …: disjoint by construction. Interrupted and resumed from its
/// checkpoint it gives the uninterrupted run bit for bit. Not thread-safe.
/// </remarks>
public sealed class AgentTraining
{
    private readonly IAgent _agent;
    private readonly IEnvironment _other;
    private readonly AgentTrainingOptions _options;
    private readonly State _state;

    /// <summary>Makes a training.</summary>
    /// <param name="agent">The agent, new.</param>
    /// <param name="environment">Where it is validated and tested; not the one it learns in.</param>
    /// <param name="options">How long, how often.</param>
    /// <exception cref="ArgumentException">The spaces of the environment are others than the agent's.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public AgentTraining(IAgent agent, IEnvironment environment, AgentTrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        if (environment.ObservationSpace.Width != agent.Environment.ObservationSpace.Width || environment.ActionSpace != agent.Environment.ActionSpace)
        {
            throw new ArgumentException($"{environment.Name} has other spaces than {agent.Environment.Name}, for which the agent was made.", nameof(environment));
        }
        (_agent, _other, _options, _state) = (agent, environment, options, new State(agent));
    }

    /// <summary>Gets the hash of what must be the same to resume: the agent's and how it is judged. The number of steps may grow.</summary>
    public ulong Configuration => RandomStream.Fnv1a(FormattableString.Invariant($"training {_agent.Configuration} {_other.Name} {_options.ValidateEvery} {_options.ValidationEpisodes}"));

    /// <summary>Runs it to its end.</summary>
    /// <param name="stop">Ends it early; the checkpoint holds what was done.</param>
    /// <exception cref="InvalidDataException">The checkpoint is damaged or of another training.</exception>
    /// <exception cref="TrainingDivergedException">A loss or gradient is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public AgentRun Run(CancellationToken stop = default)
    {
        if (_options.Checkpoint is { } file && File.Exists(file)) AgentCheckpoint.Load(file, Configuration, _state);
        try
        {
            while (_agent.Steps < _options.Steps)
            {
                long next = Math.Min(_options.Steps, (_agent.Steps / _options.ValidateEvery + 1) * _options.ValidateEvery);
                _agent.Train(next, stop);
                Validate();
                Save();
                string score = FormattableString.Invariant($"seed {_agent.Seed}, step {_agent.Steps:N0} of {_options.Steps:N0}, validation {_state.LastValidation:0.0}, best {_state.BestValidation:0.0}");
                _options.Progress(Math.Min(1, (double)_agent.Steps / _options.Steps), score);
            }
        }
        catch (OperationCanceledException)
        {
            Save();
            throw;
        }
        if (_state.Best is null) Validate();
        var best = _agent.Actor.Copy();
        best.Thaw(_state.Best);
        var bestTest = AgentScore.Of(best, _other, AgentTrainingOptions.FirstTestSeed, _options.TestEpisodes, stop);
        var lastTest = AgentScore.Of(_agent.Actor, _other, AgentTrainingOptions.FirstTestSeed, _options.TestEpisodes, stop);
        return new AgentRun(best, _state.BestStep, _state.BestValidation, bestTest, lastTest, _state.Log);
    }

    private void Validate()
    {
        var score = AgentScore.Of(_agent.Actor, _other, AgentTrainingOptions.FirstValidationSeed, _options.ValidationEpisodes);
        double mean = score.Return.Value;
        _state.Log.Add(_agent.Steps,
        [
            ("validation/return", mean), ("validation/decisions_per_tick", score.DecisionsPerTick), ("validation/watts", score.Watts),
            ("training/return", _agent.Environment.RecentReturn), ("training/episodes", _agent.Environment.Episodes), .. _agent.Figures.Select(f => ("agent/" + f.Name, f.Value)),
        ]);
        _state.LastValidation = mean;
        if (_state.Best is not null && !(mean >= _state.BestValidation)) return;
        // Of equals the later one: it has seen more.
        var bytes = new ArrayBufferWriter<byte>();
        _agent.Actor.Freeze(bytes);
        (_state.Best, _state.BestValidation, _state.BestStep) = (bytes.WrittenSpan.ToArray(), mean, _agent.Steps);
    }

    private void Save()
    {
        if (_options.Checkpoint is { } file) AgentCheckpoint.Save(file, Configuration, _state);
    }

    private sealed class State(IAgent agent) : IFreezable
    {
        public LearningLog Log { get; } = new();

        public byte[]? Best { get; set; }

        public double BestValidation { get; set; } = double.NaN;

        public double LastValidation { get; set; } = double.NaN;

        public long BestStep { get; set; }

        public void Freeze(IBufferWriter<byte> writer)
        {
            var w = new StateWriter(writer);
            w.Write(BestValidation);
            w.Write(LastValidation);
            w.Write(BestStep);
            w.WriteSpan<byte>(Best);
            StatePart.Write(w, Log);
            StatePart.Write(w, agent);
        }

        public void Thaw(ReadOnlySpan<byte> state)
        {
            var r = new StateReader(state, "training of an agent");
            double best = r.Read<double>(), last = r.Read<double>();
            long step = r.Read<long>();
            var actor = r.ReadBytes();
            var log = r.ReadBytes();
            var learner = r.ReadBytes();
            r.End();
            agent.Thaw(learner);
            Log.Thaw(log);
            (BestValidation, LastValidation, BestStep, Best) = (best, last, step, actor.IsEmpty ? null : actor.ToArray());
        }
    }
}
