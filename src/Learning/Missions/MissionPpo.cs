using System.Buffers;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>Proximal policy optimisation over candidate commands, with any attributor in front of it (notes G.5).</summary>
/// <remarks>
/// An iteration plays episodes, lets the attributor spread their returns, learns from them for some epochs, and only then refits the attributor: within an iteration all rewards come from one state of it. The memory is run anew
/// from each episode's start at every update, with gradients through time. Everything random is a function of seed and iteration, so a resumed training gives the uninterrupted one's bits. Not thread-safe.
/// </remarks>
public sealed class MissionPpo : IFreezable
{
    private readonly IMissionSet _missions;
    private readonly MissionNumbers _numbers;
    private readonly MissionPpoOptions _options;
    private readonly IReturnAttributor _attributor;
    private readonly CandidateNetwork<float> _anchor;
    private readonly MissionPlayer _player;
    private readonly MissionUpdate _update;
    private readonly TrajectoryBuffer _buffer;
    private readonly ulong _seed;
    private bool _prepared;

    /// <summary>Makes a learner.</summary>
    /// <param name="missions">Where it learns; none that is held out is started.</param>
    /// <param name="network">The policy to start from, and the anchor; changed in place.</param>
    /// <param name="options">How it learns.</param>
    /// <param name="attributor">What spreads the returns; it belongs to the learner from now on.</param>
    /// <param name="seed">The seed of missions, draws and order.</param>
    /// <exception cref="ArgumentException">An option breaks its rule, or the attributor has another discount.</exception>
    public MissionPpo(IMissionSet missions, CandidateNetwork<float> network, MissionPpoOptions options, IReturnAttributor attributor, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(missions);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(attributor);
        options.Check();
        if (attributor is PotentialAttributor p && p.Discount != options.Discount) throw new ArgumentException(FormattableString.Invariant($"Mission PPO: the attributor's discount is {p.Discount}, the learner's {options.Discount}; both must be the same, or shaping moves the optimum."), nameof(attributor));
        (_missions, Network, _options, _attributor, _seed) = (missions, network, options, attributor, seed);
        _numbers = new MissionNumbers(missions);
        _anchor = new CandidateNetwork<float>(network.Shape, network.Options);
        _anchor.CopyFrom(network);
        _player = new MissionPlayer(network);
        _update = new MissionUpdate(network, _anchor, options);
        _buffer = new TrajectoryBuffer(network.Shape, options.Encodings ? network.HistoryWidth : 0, Math.Max(1, options.AttributorBuffer));
    }

    /// <summary>Gets the policy.</summary>
    public CandidateNetwork<float> Network { get; }

    /// <summary>Gets the name of the missions.</summary>
    public string Missions => _missions.Name;

    /// <summary>Gets the attributor.</summary>
    public IReturnAttributor Attributor => _attributor;

    /// <summary>Gets the episodes that count against the budget.</summary>
    public int Episodes { get; private set; }

    /// <summary>Gets the environment steps of all episodes, those of pre-rollouts included.</summary>
    public long Steps { get; private set; }

    /// <summary>Gets the iterations done.</summary>
    public int Iterations { get; private set; }

    /// <summary>Gets figures per iteration; its steps are environment steps.</summary>
    public LearningLog Log { get; } = new();

    /// <summary>Gets what is told after each iteration.</summary>
    public Action<MissionPpo> Progress { get; init; } = _ => { };

    /// <summary>Gets a hash of everything that must be the same on resuming.</summary>
    public ulong Configuration => RandomStream.Fnv1a(FormattableString.Invariant($"mission ppo {_options.Description} {_seed} {_missions.Name} {Network.Shape} {Network.Options.Description} {_attributor.Id}"));

    /// <summary>Learns until the budget is spent.</summary>
    /// <param name="stop">Ends it after an iteration's part; the state is that of the last whole iteration only if it was frozen there.</param>
    /// <exception cref="TrainingDivergedException">A loss, score or gradient is not finite.</exception>
    public void Train(CancellationToken stop = default)
    {
        while (Episodes < _options.Episodes)
        {
            Iterate(stop);
            Progress(this);
        }
    }

    /// <summary>Does one iteration: play, attribute, learn, refit the attributor.</summary>
    /// <param name="stop">Ends it early, between two steps of missions.</param>
    public void Iterate(CancellationToken stop = default)
    {
        if (!_prepared) Prepare(stop);
        int count = Math.Min(_options.EpisodesPerIteration, Math.Max(1, _options.Episodes - Episodes));
        var random = new CounterRandom(_seed).For((ulong)Iterations + 1);
        var rollouts = Play(count, random.Bits(0), stop);
        Episodes += count;
        Learn(rollouts, random, 1 - (double)(Episodes - count) / _options.Episodes);
        if (_options.AttributorBuffer > 0)
        {
            foreach (var t in rollouts) _buffer.Add(t);
            _attributor.Fit(_buffer, FitOptions.Refresh(random.Bits(2)));
        }
        Iterations++;
        Record(rollouts);
    }

    /// <summary>Learns from episodes that are there already: the offline regime of the paper.</summary>
    /// <param name="rollouts">The episodes, with candidates and the probabilities they were drawn with.</param>
    /// <param name="passes">How many times all of it is learned from, at least 1; each is <see cref="MissionPpoOptions.Epochs"/> epochs with the same old probabilities.</param>
    public void LearnOffline(IReadOnlyList<Trajectory> rollouts, int passes)
    {
        ArgumentNullException.ThrowIfNull(rollouts);
        ArgumentOutOfRangeException.ThrowIfLessThan(passes, 1);
        _attributor.Fit(rollouts, FitOptions.First(_seed));
        for (int i = 0; i < passes; i++)
        {
            Learn(rollouts, new CounterRandom(_seed).For((ulong)Iterations + 1), 1 - (double)i / passes);
            Iterations++;
        }
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(Episodes);
        w.Write(Steps);
        w.Write(Iterations);
        w.Write(_prepared);
        foreach (var p in Network.Parameters) w.WriteSpan<float>(p.Value);
        foreach (var p in _anchor.Parameters) w.WriteSpan<float>(p.Value);
        StatePart.Write(w, _update);
        StatePart.Write(w, _attributor);
        StatePart.Write(w, _buffer);
        StatePart.Write(w, Log);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "mission PPO");
        (Episodes, Steps, Iterations) = (r.ReadInt32(0, int.MaxValue), r.Read<long>(), r.ReadInt32(0, int.MaxValue));
        _prepared = r.ReadBoolean();
        foreach (var p in Network.Parameters) r.ReadFinite(p.Value, "weights");
        foreach (var p in _anchor.Parameters) r.ReadFinite(p.Value, "weights");
        _update.Thaw(r.ReadBytes());
        _attributor.Thaw(r.ReadBytes());
        _buffer.Thaw(r.ReadBytes());
        Log.Thaw(r.ReadBytes());
        r.End();
    }

    // What the start policy does, for the attributor to see before anything is learned; part of the budget unless told otherwise.
    private void Prepare(CancellationToken stop)
    {
        _prepared = true;
        if (_options.PreRollouts == 0) return;
        var seen = Play(_options.PreRollouts, new CounterRandom(_seed).For(0).Bits(0), stop);
        foreach (var t in seen) _buffer.Add(t);
        _attributor.Fit([.. seen.Select(t => t.WithoutCandidates())], FitOptions.First(_seed));
        if (_options.ChargePreRollouts) Episodes += seen.Count;
    }

    private IReadOnlyList<Trajectory> Play(int count, ulong seed, CancellationToken stop)
    {
        int[] numbers = _numbers.Draw(new RandomStream(seed), count);
        _numbers.RequireTraining(numbers);
        var options = new PlayOptions { Set = _options.Set, Encodings = _options.Encodings, PolicyVersion = FormattableString.Invariant($"iteration {Iterations}") };
        var rollouts = _player.Play(_missions, numbers, seed, options, stop);
        Steps += rollouts.Sum(t => (long)t.Length);
        return rollouts;
    }

    private void Learn(IReadOnlyList<Trajectory> rollouts, CounterRandom random, double share)
    {
        string version = _attributor.Version;
        foreach (var t in rollouts) t.AttributorVersion = version;
        _update.Run(rollouts, _attributor, random.For(1), _options.LearningRate * share);
    }

    private void Record(IReadOnlyList<Trajectory> rollouts)
    {
        var score = new MissionScore(rollouts);
        Log.Add(Steps,
        [
            ("training/success", score.Success.Value), ("training/return", score.MeanReturn), ("training/length", score.MeanLength), ("training/grounding", score.Grounding), ("training/episodes", Episodes),
            ("agent/policy_loss", _update.PolicyLoss), ("agent/value_loss", _update.ValueLoss), ("agent/entropy", _update.Entropy), ("agent/divergence", _update.Divergence), ("agent/clipped_share", _update.ClippedShare),
            ("agent/anchor_divergence", _update.AnchorDivergence),
        ]);
    }
}
