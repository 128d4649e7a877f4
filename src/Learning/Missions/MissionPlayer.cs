using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>Plays missions with a network, many side by side.</summary>
/// <remarks>Every episode draws from a generator of its own, so it does not depend on which others are played beside it. Not thread-safe.</remarks>
public sealed class MissionPlayer
{
    private const int Abreast = 64;
    private readonly CandidateNetwork<float> _network;
    private readonly CandidateBatch<float> _batch;
    private readonly List<Lane> _lanes = [];
    private readonly List<MissionView> _views = [];
    private float[] _memory = [], _next = [];
    private double[] _logs = [];

    /// <summary>Makes a player.</summary>
    /// <param name="network">The policy; read at every step, so it may learn between two calls.</param>
    public MissionPlayer(CandidateNetwork<float> network)
    {
        ArgumentNullException.ThrowIfNull(network);
        (_network, _batch) = (network, new CandidateBatch<float>(network.Shape));
    }

    /// <summary>Gets how many steps were played.</summary>
    public long Steps { get; private set; }

    /// <summary>Plays missions to their ends.</summary>
    /// <param name="missions">The set.</param>
    /// <param name="numbers">Which of it, in order; may repeat.</param>
    /// <param name="seed">The seed of the draws; the place in the list belongs to it.</param>
    /// <param name="options">How.</param>
    /// <param name="stop">Ends it early.</param>
    /// <returns>One episode per number, in order.</returns>
    /// <exception cref="ArgumentException">The set's shape is not the network's.</exception>
    /// <exception cref="TrainingDivergedException">A score is not a number.</exception>
    public IReadOnlyList<Trajectory> Play(IMissionSet missions, ReadOnlySpan<int> numbers, ulong seed, PlayOptions options, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(missions);
        ArgumentNullException.ThrowIfNull(options);
        if (missions.Shape != _network.Shape) throw new ArgumentException($"Missions '{missions.Name}' have another shape or vocabulary than the network; train one for them.", nameof(missions));
        var episodes = new Trajectory[numbers.Length];
        var progress = options.Progress is null ? null : new List<double>[numbers.Length];
        var random = new CounterRandom(seed).For(0x504C4159);
        for (int from = 0; from < numbers.Length; from += Abreast)
        {
            int count = Math.Min(Abreast, numbers.Length - from);
            _lanes.Clear();
            for (int i = 0; i < count; i++)
            {
                if (_views.Count <= i) _views.Add(new MissionView(_network.Shape));
                int place = from + i;
                episodes[place] = new Trajectory(_network.Shape, options.Encodings ? _network.HistoryWidth : 0) { Number = numbers[place], PolicyVersion = options.PolicyVersion };
                if (progress is not null) progress[place] = [];
                _lanes.Add(new Lane(missions.Start(numbers[place]), episodes[place], new RandomStream(random.Bits((ulong)place)), progress?[place]));
            }
            Run(options, stop);
        }
        foreach (var p in progress ?? []) options.Progress!.Add([.. p]);
        return episodes;
    }

    // One step of all missions that still run, again and again: lanes that end make room by moving the others up, so that rows stay packed.
    private void Run(PlayOptions options, CancellationToken stop)
    {
        int m = _network.Options.Memory;
        Grow(ref _memory, _lanes.Count * m);
        Grow(ref _next, _lanes.Count * m);
        Array.Clear(_memory);
        while (_lanes.Count > 0)
        {
            stop.ThrowIfCancellationRequested();
            _batch.Clear();
            _batch.Begin();
            for (int i = 0; i < _lanes.Count; i++)
            {
                var lane = _lanes[i];
                lane.Mission.Describe(_views[i]);
                if (_views[i].Count == 0) throw new InvalidOperationException($"Mission '{lane.Mission.Name}', step {lane.Mission.Steps}: there are no candidates; must be 1 or more until it is over.");
                _batch.Add(_views[i], options.Set, i);
            }
            _network.Forward(_batch, _memory, values: false);
            int alive = 0;
            for (int i = 0; i < _lanes.Count; i++)
            {
                if (Step(i, options)) continue;
                _network.Memories.Slice(i * m, m).CopyTo(_next.AsSpan(alive * m));
                _lanes[alive++] = _lanes[i];
            }
            Steps += _lanes.Count;
            _lanes.RemoveRange(alive, _lanes.Count - alive);
            (_memory, _next) = (_next, _memory);
        }
    }

    // Returns whether the mission is over.
    private bool Step(int i, PlayOptions options)
    {
        var (mission, episode, random, progress) = _lanes[i];
        var view = _views[i];
        int from = _batch.Starts[i], count = _batch.Starts[i + 1] - from;
        if (_logs.Length < count) _logs = new double[count];
        var logs = _logs.AsSpan(0, count);
        CandidateChoice.Spread(_network.Scores.Slice(from, count), logs);
        if (double.IsNaN(logs[0])) throw new TrainingDivergedException($"Mission '{mission.Name}', step {mission.Steps}: a score is not a number; the network has left the numbers, lower its learning rate.");
        int item = options.Greedy ? CandidateChoice.Best(logs) : CandidateChoice.Draw(logs, random.NextDouble()), chosen = _batch.Index[from + item];
        int label = options.Labels ? mission.Expert() : -1;
        int wide = _network.HistoryWidth;
        episode.Observe(view, chosen, (float)logs[item], label, options.Encodings ? _network.Histories.Slice(i * wide, wide) : default);
        if (progress is not null && mission is IMissionProgress truth) progress.Add(truth.Remaining());
        var result = mission.Step(mission.Candidates[chosen].Text);
        episode.Receive(result);
        if (!result.Done && mission.Steps > mission.Limit) throw new InvalidOperationException($"Mission '{mission.Name}': step {mission.Steps} did not end it, its limit is {mission.Limit}; this is an error of the mission.");
        if (!result.Done) return false;
        if (progress is not null && mission is IMissionProgress end) progress.Add(end.Remaining());
        mission.Describe(view);
        episode.End(view);
        return true;
    }

    private static void Grow(ref float[] array, int need)
    {
        if (array.Length < need) array = new float[need];
    }

    private sealed record Lane(IMission Mission, Trajectory Episode, RandomStream Random, List<double>? Progress);
}
