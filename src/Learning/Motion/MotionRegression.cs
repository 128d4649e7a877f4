using System.Numerics;
using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning;

/// <summary>Multinomial logistic regression from the surroundings of an event to its motion, on sparse inputs, with Adam and L1.</summary>
/// <remarks>
/// Weights lie [input, class] with rows padded to 16, so an active input adds one contiguous row. All vector code works on classes side by side:
/// the numbers do not depend on the vector width. Sums over patches go in the order of the batch.
/// </remarks>
internal sealed class MotionRegression
{
    private const int Lanes = 16;
    private const float Beta1 = 0.9f, Beta2 = 0.999f, Epsilon = 1e-8f;
    private readonly MotionShape _shape;
    private readonly float[] _weights, _gradient, _first, _second, _keep;
    private readonly float[] _logits, _shifted;
    private readonly bool[] _isUsed;
    private double _power1 = 1, _power2 = 1;

    internal MotionRegression(MotionShape shape, Func<int, bool>? allows = null)
    {
        _shape = shape;
        Stride = (shape.Classes + Lanes - 1) / Lanes * Lanes;
        int n = (shape.Inputs + 1) * Stride; // the last row is the bias
        (_weights, _gradient, _first, _second, _keep) = (new float[n], new float[n], new float[n], new float[n], new float[n]);
        (_logits, _shifted) = (new float[Stride], new float[Stride]);
        _isUsed = new bool[shape.Inputs];
        Array.Fill(_isUsed, true);
        for (int row = 0; row <= shape.Inputs; row++) _keep.AsSpan(row * Stride, shape.Classes).Fill(1);
        for (int input = 0; input < shape.Inputs && allows is not null; input++)
        {
            if (!allows(input)) Close(input);
        }
    }

    private MotionRegression(MotionRegression other) : this(other._shape)
    {
        other._weights.CopyTo(_weights, 0);
        other._keep.CopyTo(_keep, 0);
        other._isUsed.CopyTo(_isUsed, 0);
    }

    /// <summary>Gets the length of a row of weights.</summary>
    internal int Stride { get; }

    internal float[] Weights => _weights;

    internal float[] Gradient => _gradient;

    internal ReadOnlySpan<float> Bias => _weights.AsSpan(_shape.Inputs * Stride, _shape.Classes);

    /// <summary>Gets how many synapses are there.</summary>
    internal int Synapses
    {
        get
        {
            int n = 0;
            foreach (float w in _weights.AsSpan(0, _shape.Inputs * Stride)) n += w != 0 ? 1 : 0;
            return n;
        }
    }

    /// <summary>Makes a copy that has forgotten the momentum of its training.</summary>
    internal MotionRegression Copy() => new(this);

    /// <summary>Leaves only the last steps to be seen.</summary>
    /// <param name="depth">Steps, at least 1.</param>
    internal void LimitDepth(int depth)
    {
        for (int input = 0; input < _shape.Inputs; input++)
        {
            if (_shape.Synapse(0, input, 0).Delay >= depth) Close(input);
        }
    }

    /// <summary>Keeps the synapses of greatest weight over all classes, and no others ever again.</summary>
    /// <param name="count">How many.</param>
    internal void Prune(int count)
    {
        int n = _shape.Inputs * Stride;
        var order = new int[n];
        for (int i = 0; i < n; i++) order[i] = i;
        // Ties by place: the same synapses on every machine.
        Array.Sort(order, (a, b) => Math.Abs(_weights[b]).CompareTo(Math.Abs(_weights[a])) is not 0 and int c ? c : a.CompareTo(b));
        for (int i = count; i < n; i++) (_weights[order[i]], _keep[order[i]]) = (0, 0);
        for (int input = 0; input < _shape.Inputs; input++) _isUsed[input] = _keep.AsSpan(input * Stride, Stride).ContainsAnyExcept(0f);
    }

    /// <summary>Goes over the patches several times.</summary>
    /// <param name="patches">What to learn from.</param>
    /// <param name="recipe">Rates and counts.</param>
    /// <param name="epochs">How many times.</param>
    /// <param name="random">Orders the patches.</param>
    /// <param name="stop">Ends it early.</param>
    /// <returns>Mean loss of the last time, in nats.</returns>
    internal double Train(PatchSet patches, MotionRecipe recipe, int epochs, RandomStream random, CancellationToken stop)
    {
        Array.Clear(_first);
        Array.Clear(_second);
        (_power1, _power2) = (1, 1);
        var order = new int[patches.Count];
        for (int i = 0; i < order.Length; i++) order[i] = i;
        double loss = 0;
        int batches = (order.Length + recipe.Batch - 1) / recipe.Batch, done = 0;
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            for (int i = order.Length - 1; i > 0; i--)
            {
                int j = random.NextInt32(i + 1);
                (order[i], order[j]) = (order[j], order[i]);
            }
            loss = 0;
            for (int start = 0; start < order.Length; start += recipe.Batch, done++)
            {
                stop.ThrowIfCancellationRequested();
                var batch = order.AsSpan(start, Math.Min(recipe.Batch, order.Length - start));
                loss += Accumulate(patches, batch);
                // Half a cosine, so that the last steps settle.
                double share = (double)done / (batches * epochs);
                Step((float)(recipe.Rate * 0.5 * (1 + DeterministicMath.Cos(Math.PI * share))), recipe.L1 / recipe.Batch, 1f / batch.Length);
            }
        }
        return order.Length == 0 ? 0 : loss / order.Length;
    }

    /// <summary>Adds the gradient of the summed loss of some patches.</summary>
    /// <returns>Their summed loss in nats.</returns>
    internal double Accumulate(PatchSet patches, ReadOnlySpan<int> batch)
    {
        double loss = 0;
        foreach (int patch in batch)
        {
            var inputs = patches.Inputs(patch);
            Score(inputs, _logits);
            loss += Softmax(_logits, patches.Label(patch));
            _logits[patches.Label(patch)] -= 1;
            foreach (ushort input in inputs)
            {
                if (_isUsed[input]) AddRow(_logits, _gradient.AsSpan(input * Stride, Stride));
            }
            AddRow(_logits, _gradient.AsSpan(_shape.Inputs * Stride, Stride));
        }
        return loss;
    }

    /// <summary>Gives the scores of the classes at an event, bias included.</summary>
    internal void Score(ReadOnlySpan<ushort> inputs, Span<float> scores)
    {
        _weights.AsSpan(_shape.Inputs * Stride, Stride).CopyTo(scores);
        foreach (ushort input in inputs)
        {
            if (_isUsed[input]) AddRow(_weights.AsSpan(input * Stride, Stride), scores);
        }
    }

    /// <summary>Makes a kernel of the weights.</summary>
    internal MotionKernel ToKernel(float gain)
    {
        var synapses = new List<MotionSynapse>();
        for (int input = 0; input < _shape.Inputs; input++)
        {
            for (int c = 0; c < _shape.Classes; c++)
            {
                if (_weights[input * Stride + c] is not 0f and float w) synapses.Add(_shape.Synapse(c, input, w));
            }
        }
        return new MotionKernel(_shape, synapses, Bias, gain);
    }

    private void Close(int input)
    {
        _isUsed[input] = false;
        _keep.AsSpan(input * Stride, Stride).Clear();
        _weights.AsSpan(input * Stride, Stride).Clear();
    }

    // Turns scores into probabilities; padding stays zero. Returns −ln of the probability of the label.
    private double Softmax(float[] scores, int label)
    {
        int n = _shape.Classes;
        float top = float.NegativeInfinity, sum = 0;
        for (int c = 0; c < n; c++) top = Math.Max(top, scores[c]);
        for (int c = 0; c < n; c++) _shifted[c] = scores[c] - top;
        float own = _shifted[label];
        DeterministicMathF.Exp(_shifted.AsSpan(0, n), scores.AsSpan(0, n));
        for (int c = 0; c < n; c++) sum += scores[c];
        float scale = 1 / sum;
        for (int c = 0; c < n; c++) scores[c] *= scale;
        return DeterministicMath.Log(sum) - own;
    }

    private static void AddRow(ReadOnlySpan<float> row, Span<float> to)
    {
        for (int c = 0; c < to.Length; c += Vector<float>.Count) (new Vector<float>(to[c..]) + new Vector<float>(row[c..])).CopyTo(to[c..]);
    }

    // Adam (Kingma and Ba 2015) on the mean gradient plus the L1 sign; clears the gradient.
    private void Step(float rate, float l1, float scale)
    {
        _power1 *= Beta1;
        _power2 *= Beta2;
        Vector<float> step = new((float)(rate * Math.Sqrt(1 - _power2) / (1 - _power1))), epsilon = new((float)(Epsilon * Math.Sqrt(1 - _power2))), mean = new(scale), shrink = new(l1);
        Vector<float> b1 = new(Beta1), b2 = new(Beta2), c1 = new(1 - Beta1), c2 = new(1 - Beta2), zero = Vector<float>.Zero, one = Vector<float>.One;
        int biasRow = _shape.Inputs * Stride;
        for (int i = 0; i < _weights.Length; i += Vector<float>.Count)
        {
            if (i < biasRow && !_isUsed[i / Stride]) continue;
            var w = new Vector<float>(_weights, i);
            var sign = Vector.ConditionalSelect(Vector.GreaterThan(w, zero), one, zero) - Vector.ConditionalSelect(Vector.LessThan(w, zero), one, zero);
            var g = new Vector<float>(_gradient, i) * mean;
            if (i < biasRow) g += sign * shrink;
            g *= new Vector<float>(_keep, i);
            var m = b1 * new Vector<float>(_first, i) + c1 * g;
            var v = b2 * new Vector<float>(_second, i) + c2 * (g * g);
            m.CopyTo(_first, i);
            v.CopyTo(_second, i);
            (w - step * m / (Vector.SquareRoot(v) + epsilon)).CopyTo(_weights, i);
        }
        Array.Clear(_gradient);
    }
}
