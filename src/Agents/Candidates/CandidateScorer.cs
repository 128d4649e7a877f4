namespace EdgeAutonomy.Agents;

/// <summary>Runs a candidate-scoring network: view in, one score per executable candidate out, with a memory over events.</summary>
/// <remarks>
/// The formula is that of the training's network, operation by operation and in the same order, but with two roundings per product and sum where training fuses them; scores differ by float32 rounding. The same bits on every
/// machine. Not thread-safe; allocates nothing once its buffers fit the longest list of candidates.
/// </remarks>
public sealed class CandidateScorer
{
    private readonly DenseLayer _encode, _listen, _recall, _context, _look, _second, _score;
    private readonly float[] _history, _memory, _before, _gates, _recalled, _shared, _first, _hidden;
    private readonly float[] _one = new float[1];
    private readonly int _e, _m;
    private float[] _scores = [];

    /// <summary>Makes a scorer.</summary>
    /// <param name="weights">The numbers.</param>
    public CandidateScorer(CandidateWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var (c, a) = (weights.Card, weights.Arrays);
        (Card, _e, _m) = (c, c.Encoder, c.Memory);
        _encode = new DenseLayer(a[0], a[1]);
        _listen = new DenseLayer(a[2], a[3]);
        _recall = new DenseLayer(a[4], a[5]);
        _context = new DenseLayer(a[6], []);
        _look = new DenseLayer(a[7], a[8]);
        _second = new DenseLayer(a[9], a[10]);
        _score = new DenseLayer(a[11], []);
        (_history, _memory, _before) = (new float[_e + _m], new float[_m], new float[_m]);
        (_gates, _recalled, _shared, _first, _hidden) = (new float[3 * _m], new float[3 * _m], new float[c.First], new float[c.First], new float[c.Second]);
    }

    /// <summary>Gets the card.</summary>
    public CandidateCard Card { get; }

    /// <summary>Forgets the last mission.</summary>
    public void Reset()
    {
        Array.Clear(_memory);
        Array.Clear(_before);
    }

    /// <summary>Scores the candidates of a view.</summary>
    /// <param name="view">The view, of the card's shape.</param>
    /// <param name="again">Whether this is the step that was scored last: the memory then takes the event once and not twice.</param>
    /// <returns>One score per candidate, negative infinity where it cannot be carried out; valid until the next call.</returns>
    public ReadOnlySpan<float> Score(MissionView view, bool again)
    {
        ArgumentNullException.ThrowIfNull(view);
        if (!again) _memory.CopyTo(_before, 0);
        Span<float> history = _history;
        _encode.Run(view.State, history[.._e]);
        DeterministicMathF.Tanh(history[.._e], history[.._e]);
        Remember(view.Event);
        _memory.CopyTo(history[_e..]);
        _context.Run(history, _shared);
        if (_scores.Length < view.Count) _scores = new float[Math.Max(view.Count, 2 * _scores.Length)];
        for (int i = 0; i < view.Count; i++) _scores[i] = view.Executable[i] ? One(view.Candidate(i)) : float.NegativeInfinity;
        return _scores.AsSpan(0, view.Count);
    }

    private float One(ReadOnlySpan<float> candidate)
    {
        _look.Run(candidate, _first);
        DeterministicMath.Axpy(1, _shared, _first);
        Cut(_first);
        _second.Run(_first, _hidden);
        Cut(_hidden);
        _score.Run(_hidden, _one);
        return _one[0];
    }

    private void Remember(ReadOnlySpan<float> happened)
    {
        int m = _m;
        _listen.Run(happened, _gates);
        _recall.Run(_before, _recalled);
        Span<float> both = _gates.AsSpan(0, 2 * m), fresh = _gates.AsSpan(2 * m);
        DeterministicMath.Axpy(1, _recalled.AsSpan(0, 2 * m), both);
        DeterministicMathF.Sigmoid(both, both);
        for (int k = 0; k < m; k++) fresh[k] += both[k] * _recalled[2 * m + k];
        DeterministicMathF.Tanh(fresh, fresh);
        for (int k = 0; k < m; k++) _memory[k] = (1 - both[m + k]) * fresh[k] + both[m + k] * _before[k];
    }

    // Not Max: a value that is not a number must come through, so that the decision is refused.
    private static void Cut(Span<float> x)
    {
        for (int i = 0; i < x.Length; i++)
        {
            if (x[i] < 0) x[i] = 0;
        }
    }
}
