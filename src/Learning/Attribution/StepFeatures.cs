using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>The numbers by which an attributor sees a step: [state, event or encoding, chosen command], with the change of the state where it is asked for.</summary>
internal sealed class StepFeatures
{
    private readonly string _what;
    private readonly AttributorInput _input;
    private readonly bool _difference;

    /// <summary>Chooses what is seen.</summary>
    /// <param name="what">Whose it is, for error messages.</param>
    /// <param name="shape">The missions' shape.</param>
    /// <param name="encoding">Width of the policy's encoding, where the input is that.</param>
    /// <param name="input">What is seen beside the chosen command.</param>
    /// <param name="difference">Whether the change of the state is seen as well, s − s′.</param>
    public StepFeatures(string what, MissionShape shape, int encoding, AttributorInput input, bool difference)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (input == AttributorInput.Encoding && encoding < 1) throw new ArgumentOutOfRangeException(nameof(encoding), $"{what}: the encoding has {encoding} numbers; must be 1 or more where it is the input.");
        (_what, _input, _difference) = (what, input, difference);
        Width = WidthOf(shape, encoding);
    }

    public int Width { get; }

    /// <summary>Writes the features of a step.</summary>
    public void Write(Trajectory t, int step, Span<float> to)
    {
        var shape = t.Shape;
        if (_input == AttributorInput.Encoding)
        {
            t.Encodings.Slice(step * t.EncodingWidth, t.EncodingWidth).CopyTo(to);
            to = to[t.EncodingWidth..];
        }
        else
        {
            t.States.Slice(step * shape.State, shape.State).CopyTo(to);
            t.Events.Slice(step * shape.Event, shape.Event).CopyTo(to[shape.State..]);
            to = to[(shape.State + shape.Event)..];
        }
        t.Choices.Slice(step * shape.Candidate, shape.Candidate).CopyTo(to);
        if (!_difference) return;
        to = to[shape.Candidate..];
        var now = t.States.Slice(step * shape.State, shape.State);
        // An episode whose end was not recorded counts as one that stays where it was.
        var next = step + 1 < t.Length ? t.States.Slice((step + 1) * shape.State, shape.State) : t.FinalState.Length == shape.State ? t.FinalState : now;
        for (int i = 0; i < shape.State; i++) to[i] = now[i] - next[i];
    }

    /// <summary>Refuses episodes of another shape.</summary>
    public void Require(Trajectory t)
    {
        ArgumentNullException.ThrowIfNull(t);
        int width = WidthOf(t.Shape, t.EncodingWidth);
        if (width != Width) throw new ArgumentException($"{_what}: a step of the episode has {width} numbers, it was made for {Width}; make it for the missions' shape.");
    }

    private int WidthOf(MissionShape shape, int encoding) => (_input == AttributorInput.Encoding ? encoding : shape.State + shape.Event) + shape.Candidate + (_difference ? shape.State : 0);
}
