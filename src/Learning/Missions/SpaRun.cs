using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>Runs arms from one seed: one cloned policy for all of them, then each on its own.</summary>
internal sealed class SpaRun
{
    private const ulong EvaluationSeed = 77_000;
    private const int StartEpisodes = 200;
    private readonly SpaPlan _plan;
    private readonly IMissionSet _training, _evaluation;
    private readonly CandidateNetwork<float> _start;
    private readonly int[] _held;
    private readonly int _limit;
    private readonly ulong _seed;
    private readonly CancellationToken _stop;
    private readonly MissionScore _unmasked;

    public SpaRun(SpaPlan plan, IMissionSet training, IMissionSet evaluation, ulong seed, CancellationToken stop)
    {
        if (training.Shape != evaluation.Shape) throw new ArgumentException($"Missions '{training.Name}' and '{evaluation.Name}' have different shapes or vocabularies; what is learned on one cannot act on the other.", nameof(evaluation));
        (_plan, _training, _evaluation, _seed, _stop) = (plan, training, evaluation, seed, stop);
        _held = new MissionNumbers(evaluation).HeldOut(plan.EvaluationEpisodes);
        _limit = evaluation.Start(_held[0]).Limit;
        _start = new CandidateNetwork<float>(training.Shape, plan.Network);
        _start.Initialize(seed);
        var cloning = new BehaviourCloning(_start, plan.Cloning, seed);
        cloning.Run(training, stop);
        CloningSteps = cloning.Steps;
        // Bounds of a penalty rest on what the start policy does, and that is seen on missions to learn from.
        int[] some = new MissionNumbers(training).Draw(RandomStream.For(seed, "start"), StartEpisodes);
        _unmasked = new MissionScore(new MissionPlayer(_start).Play(training, some, seed, new PlayOptions { Set = CandidateSet.Plausible }, stop));
    }

    /// <summary>Gets the environment steps of cloning.</summary>
    public long CloningSteps { get; }

    /// <summary>Runs an arm.</summary>
    public SpaOutcome Run(SpaArm arm, Action<double> progress)
    {
        var network = new CandidateNetwork<float>(_training.Shape, _plan.Network with { CriticSeesMemory = arm.CriticSeesMemory });
        network.CopyFrom(_start);
        var log = new LearningLog();
        long steps = 0;
        IReturnAttributor? attributor = null;
        long? began = _plan.Time?.GetTimestamp();
        if (arm.Attributor is not null)
        {
            var options = Options(arm);
            // Its own weights for every arm and seed; missions and draws are those of the seed, the same for all arms.
            attributor = arm.Attributor(new SpaArmStart(_training.Shape, options.Discount, network.HistoryWidth, _limit, _unmasked.Success.Value, 1 - _unmasked.Grounding, _seed));
            var ppo = new MissionPpo(_training, network, options, attributor, _seed) { Progress = p => progress(Math.Min(1, (double)p.Episodes / options.Episodes)) };
            if (arm.Offline)
            {
                var rollouts = Offline(arm, network);
                steps = rollouts.Sum(t => (long)t.Length);
                ppo.LearnOffline(rollouts, _plan.OfflinePasses);
            }
            else
            {
                ppo.Train(_stop);
                steps = ppo.Steps;
            }
            log = ppo.Log;
        }
        double seconds = began is { } from ? _plan.Time!.GetElapsedTime(from).TotalSeconds : double.NaN;
        return new SpaOutcome(
            arm, _seed, Evaluate(network, arm.Set, greedy: false), Evaluate(network, arm.Set, greedy: true), Evaluate(network, CandidateSet.Plausible, greedy: false), _limit, steps, log,
            attributor is null ? null : Quality(attributor, arm), seconds);
    }

    private MissionPpoOptions Options(SpaArm arm)
    {
        var o = _plan.Ppo with { Set = arm.Set, HasCritic = arm.HasCritic, PreRollouts = arm.Fits && !arm.Offline ? _plan.PreRollouts : 0, ChargePreRollouts = arm.Charged, Encodings = arm.Encodings };
        return arm.HasCritic ? o : o with { Discount = 1, Lambda = 1 };
    }

    private IReadOnlyList<Trajectory> Offline(SpaArm arm, CandidateNetwork<float> network)
    {
        int[] numbers = new MissionNumbers(_training).Draw(RandomStream.For(_seed, "offline"), _plan.OfflineEpisodes);
        return new MissionPlayer(network).Play(_training, numbers, _seed, new PlayOptions { Set = arm.Set, Encodings = arm.Encodings, PolicyVersion = "cloning" }, _stop);
    }

    private MissionScore Evaluate(CandidateNetwork<float> network, CandidateSet set, bool greedy)
    {
        var player = new MissionPlayer(network);
        var episodes = player.Play(_evaluation, _held, EvaluationSeed + _seed, new PlayOptions { Set = set, Greedy = greedy }, _stop);
        return new MissionScore(episodes);
    }

    private SpaQuality Quality(IReturnAttributor attributor, SpaArm arm)
    {
        var truth = new List<double[]>();
        int[] some = _held[..Math.Min(_held.Length, _plan.QualityEpisodes)];
        // Of the start policy: it fails and succeeds, and all arms are measured on the same kind of episode.
        var episodes = new MissionPlayer(_start).Play(_evaluation, some, EvaluationSeed + _seed, new PlayOptions { Set = arm.Set, Encodings = arm.Encodings, Progress = truth }, _stop);
        return SpaQuality.Of(attributor, episodes, truth);
    }
}
