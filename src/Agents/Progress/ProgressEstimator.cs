namespace EdgeAutonomy.Agents;

/// <summary>Attributes progress to the commands of a running mission with an estimator that was fitted on returns alone (SPA, arXiv 2505.20732).</summary>
/// <remarks>
/// What it says of a step adds up, over an episode, to an estimate of the mission's return; it depends on what the agent saw before the step and on the command, never on what came of it. It is no probability and may be negative.
/// The formula is that of the training's network in the same order, but with two roundings per product and sum where training fuses them: answers differ by float32 rounding. The same bits on every machine. Not thread-safe;
/// allocates nothing.
/// </remarks>
public sealed class ProgressEstimator : IProgressMeter
{
    private readonly MissionShape _shape;
    private readonly DenseLayer[] _layers;
    private readonly float[] _input;
    private readonly float[][] _outputs;

    /// <summary>Makes an estimator.</summary>
    /// <param name="weights">The numbers.</param>
    /// <param name="shape">The missions it is to be used for.</param>
    /// <exception cref="InvalidDataException">It was fitted on missions of another shape or vocabulary.</exception>
    public ProgressEstimator(ProgressWeights weights, MissionShape shape)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(shape);
        var card = weights.Card;
        if ((card.State, card.Event, card.Candidate) != (shape.State, shape.Event, shape.Candidate))
        {
            throw new InvalidDataException($"Progress estimator '{card.Name}' takes {card.State} + {card.Event} + {card.Candidate} numbers, the missions give {shape.State} + {shape.Event} + {shape.Candidate}; fit one on them.");
        }
        if (CandidateWeights.HashOf(shape.Vocabulary) is var found && found != card.VocabularyHash)
        {
            throw new InvalidDataException($"Progress estimator '{card.Name}' was fitted for vocabulary {card.VocabularyHash}, the missions have {found}: the same numbers mean other things. Fit one on them.");
        }
        (_shape, Attributor) = (shape, weights.Attributor);
        _input = new float[card.State + card.Event + card.Candidate];
        _outputs = [.. card.Hidden.Append(1).Select(n => new float[n])];
        _layers = new DenseLayer[_outputs.Length];
        for (int i = 0; i < _layers.Length; i++) _layers[i] = new DenseLayer(weights.Arrays[2 * i], weights.Arrays[2 * i + 1]);
    }

    /// <summary>Gets which estimator it is, as bundles name it.</summary>
    public BundleAttributor Attributor { get; }

    /// <summary>Loads an estimator.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shape">The missions it is to be used for.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or was fitted on missions of another shape or vocabulary; the message names the file and what differs.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static ProgressEstimator Load(string path, MissionShape shape)
    {
        var weights = ProgressFile.Read(path);
        try
        {
            return new ProgressEstimator(weights, shape);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public float? Of(AgentContext context, ActionCall call)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(call);
        var view = context.View;
        if ((view.Shape.State, view.Shape.Event, view.Shape.Candidate) != (_shape.State, _shape.Event, _shape.Candidate)) return null;
        int row = RowOf(context, call);
        return row < 0 ? null : Of(view, row);
    }

    /// <summary>Returns the progress attributed to a candidate of a view.</summary>
    /// <param name="view">A view of the shape that this estimator was made for.</param>
    /// <param name="candidate">0 … Count − 1.</param>
    public float Of(MissionView view, int candidate)
    {
        ArgumentNullException.ThrowIfNull(view);
        var input = _input.AsSpan();
        view.State.CopyTo(input);
        view.Event.CopyTo(input[_shape.State..]);
        view.Candidate(candidate).CopyTo(input[(_shape.State + _shape.Event)..]);
        float[] x = _input;
        for (int i = 0; i < _layers.Length; i++)
        {
            float[] y = _outputs[i];
            _layers[i].Run(x, y);
            if (i < _layers.Length - 1) DeterministicMathF.Tanh(y, y);
            x = y;
        }
        return x[0];
    }

    // The context lists executable commands only, the view all candidates: the i-th executable row is the i-th command.
    private static int RowOf(AgentContext context, ActionCall call)
    {
        var view = context.View;
        int nth = -1, row = -1;
        for (int i = 0; i < context.Candidates.Count && nth < 0; i++)
        {
            if (context.Candidates[i].Equals(call)) nth = i;
        }
        if (nth < 0) return -1;
        for (int i = 0; i < view.Count; i++)
        {
            if (view.Executable[i] && nth-- == 0) row = i;
        }
        return row;
    }
}
