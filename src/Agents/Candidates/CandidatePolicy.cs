namespace EdgeAutonomy.Agents;

/// <summary>Chooses among executable commands with a small network that was trained here: the default policy of a robot (notes G.2).</summary>
/// <remarks>
/// Probabilities run over the executable commands only; others have none. The memory takes one event per step: asked again about the same step, it does not count it twice. Steps that another policy decided leave no trace in the
/// memory. Deterministic for a seed; one mission at a time. A decision allocates its answer and nothing else.
/// </remarks>
public sealed class CandidatePolicy : IAgentPolicy
{
    private readonly CandidateScorer _scorer;
    private readonly MissionShape _shape;
    private readonly CandidatePolicyOptions _options;
    private readonly TimeProvider _time;
    private readonly RandomStream _random;
    private int[] _rows = [];
    private double[] _probabilities = [];
    private int _step = -1;

    /// <summary>Makes a policy.</summary>
    /// <param name="weights">The network.</param>
    /// <param name="shape">The missions it is to be used for.</param>
    /// <param name="options">How it decides; null = the defaults.</param>
    /// <param name="time">The clock that latencies are measured with; null = the system's.</param>
    /// <exception cref="InvalidDataException">It was trained for missions of another shape or vocabulary.</exception>
    /// <exception cref="ArgumentException">An option breaks its rule.</exception>
    public CandidatePolicy(CandidateWeights weights, MissionShape shape, CandidatePolicyOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(shape);
        var card = weights.Card;
        if ((card.State, card.Event, card.Candidate) != (shape.State, shape.Event, shape.Candidate))
        {
            throw new InvalidDataException($"Candidate policy '{card.Name}' takes {card.State} + {card.Event} + {card.Candidate} numbers, the missions give {shape.State} + {shape.Event} + {shape.Candidate}; train one for them.");
        }
        if (CandidateWeights.HashOf(shape.Vocabulary) is var found && found != card.VocabularyHash)
        {
            throw new InvalidDataException($"Candidate policy '{card.Name}' was trained for vocabulary {card.VocabularyHash}, the missions have {found}: the same numbers mean other things. Train one for them.");
        }
        _options = options ?? new CandidatePolicyOptions();
        if (_options.Alternatives is < 0 or > 64) throw new ArgumentException($"Candidate policy: Alternatives is {_options.Alternatives}; must be in [0, 64].", nameof(options));
        (_scorer, _shape, _time, Version) = (new CandidateScorer(weights), shape, time ?? TimeProvider.System, _options.Version ?? weights.Hash);
        _random = RandomStream.For(_options.Seed, "candidate policy");
    }

    /// <inheritdoc/>
    public string Version { get; }

    /// <summary>Loads a policy.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shape">The missions it is to be used for.</param>
    /// <param name="options">How it decides; null = the defaults.</param>
    /// <param name="time">The clock that latencies are measured with; null = the system's.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or was trained for missions of another shape or vocabulary; the message names the file and what differs.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static CandidatePolicy Load(string path, MissionShape shape, CandidatePolicyOptions? options = null, TimeProvider? time = null)
    {
        var weights = CandidateFile.Read(path);
        try
        {
            return new CandidatePolicy(weights, shape, options, time);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Begin()
    {
        _scorer.Reset();
        _step = -1;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The view is of another shape, or its executable candidates are not the context's.</exception>
    /// <exception cref="InvalidOperationException">Nothing can be carried out, or a score is not a number.</exception>
    public ValueTask<AgentDecision> DecideAsync(AgentContext context, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(context);
        cancel.ThrowIfCancellationRequested();
        long began = _time.GetTimestamp();
        int count = Executable(context);
        var scores = _scorer.Score(context.View, again: context.Step == _step);
        _step = context.Step;
        Spread(scores, count);
        int chosen = _options.Greedy ? Best(count, double.PositiveInfinity, -1) : Draw(count);
        float log = (float)DeterministicMath.Log(_probabilities[chosen]);
        var others = Alternatives(context, count, chosen);
        return new ValueTask<AgentDecision>(new AgentDecision(context.Candidates[chosen], log, _time.GetElapsedTime(began), DecisionSource.Policy, Version, others));
    }

    // The context lists executable commands only, the view all candidates: the i-th executable row is the i-th command.
    private int Executable(AgentContext context)
    {
        var view = context.View;
        if (view.Shape.State != _shape.State || view.Shape.Event != _shape.Event || view.Shape.Candidate != _shape.Candidate)
        {
            throw new ArgumentException($"Candidate policy: the view is {view.Shape.State} + {view.Shape.Event} + {view.Shape.Candidate} numbers wide, must be {_shape.State} + {_shape.Event} + {_shape.Candidate}.", nameof(context));
        }
        if (_rows.Length < view.Count) (_rows, _probabilities) = (new int[view.Count], new double[view.Count]);
        int count = 0;
        for (int i = 0; i < view.Count; i++)
        {
            if (view.Executable[i]) _rows[count++] = i;
        }
        if (count != context.Candidates.Count) throw new ArgumentException($"Candidate policy, step {context.Step}: the view has {count} executable candidates, the context lists {context.Candidates.Count}; must be the same ones in the same order.", nameof(context));
        if (count == 0) throw new InvalidOperationException($"Candidate policy, step {context.Step} of '{context.Mission}': nothing can be carried out; there is nothing to decide.");
        return count;
    }

    private void Spread(ReadOnlySpan<float> scores, int count)
    {
        double most = double.NegativeInfinity, sum = 0;
        for (int i = 0; i < count; i++)
        {
            double score = scores[_rows[i]];
            if (!double.IsFinite(score)) throw new InvalidOperationException($"Candidate policy, step {_step}: the score of candidate {_rows[i]} is {score}; the view holds numbers that are not finite, or far outside of what it was trained on.");
            most = Math.Max(most, score);
        }
        for (int i = 0; i < count; i++) sum += _probabilities[i] = DeterministicMath.Exp(scores[_rows[i]] - most);
        for (int i = 0; i < count; i++) _probabilities[i] /= sum;
    }

    private int Draw(int count)
    {
        double mass = _random.NextDouble();
        for (int i = 0; i < count - 1; i++)
        {
            if ((mass -= _probabilities[i]) < 0) return i;
        }
        return count - 1;
    }

    // The likeliest one after a given one, the first of equals: probabilities fall, places rise among equals.
    private int Best(int count, double below, int after)
    {
        int best = -1;
        for (int i = 0; i < count; i++)
        {
            double p = _probabilities[i];
            if ((p < below || p == below && i > after) && (best < 0 || p > _probabilities[best])) best = i;
        }
        return best;
    }

    private (ActionCall Call, float Probability)[] Alternatives(AgentContext context, int count, int chosen)
    {
        int wanted = Math.Min(_options.Alternatives, count - 1);
        if (wanted == 0) return [];
        var others = new (ActionCall Call, float Probability)[wanted];
        double below = double.PositiveInfinity;
        int at = -1;
        for (int n = 0; n < wanted;)
        {
            at = Best(count, below, at);
            below = _probabilities[at];
            if (at != chosen) others[n++] = (context.Candidates[at], (float)below);
        }
        return others;
    }
}
