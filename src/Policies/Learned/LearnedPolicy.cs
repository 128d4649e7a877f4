using System.Buffers;
using System.Globalization;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Policies;

/// <summary>Runs a learned policy: numbers in, an action and its own next time step out, chosen together.</summary>
/// <remarks>
/// The network's output "q" has one value per action and period; the greatest one that the deadline allows wins, the first of equals. The mask is hard: no period longer than the deadline is
/// ever chosen, whatever the network says (adaptive-time-stepping notes §7.4). A recurrent network has the input "memory" and the output "next_memory" of the same size; the memory is kept, frozen and hashed here.
/// Loop thread only; allocates nothing after construction.
/// </remarks>
public sealed class LearnedPolicy : IFreezable, IPayload, IDisposable
{
    // Goes up with every change of what Freeze writes.
    private const int StateVersion = 1;

    private readonly IInferenceEngine _engine;
    private readonly int _input, _q, _memory, _nextMemory, _values;
    private readonly float[] _low, _scale, _observation, _state;
    private readonly Duration[] _periods, _deadlines;

    /// <summary>Makes a runner for a network that lies ready.</summary>
    /// <param name="card">Its card.</param>
    /// <param name="engine">The network; owned from here on.</param>
    /// <exception cref="InvalidDataException">The network takes or gives something else, or gives NaN or infinity somewhere in the range of its inputs.</exception>
    public LearnedPolicy(PolicyCard card, IInferenceEngine engine)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(engine);
        card.Schema.Validate();
        (Card, _engine) = (card, engine);
        (_memory, _nextMemory) = (engine.FindInput("memory"), engine.FindOutput("next_memory"));
        bool isRecurrent = _memory >= 0;
        if (isRecurrent != _nextMemory >= 0 || isRecurrent && engine.Inputs[_memory].Count != engine.Outputs[_nextMemory].Count)
            throw Wrong("a recurrent one has an input 'memory' and an output 'next_memory' of the same size");
        if (engine.Inputs.Count != (isRecurrent ? 2 : 1)) throw Wrong($"it takes {string.Join(", ", engine.Inputs)}; it must take the observation, and 'memory' where it is recurrent");
        _input = isRecurrent ? 1 - _memory : 0;
        _q = engine.FindOutput("q");
        var schema = card.Schema;
        if (engine.Inputs[_input].Count != schema.Inputs.Count) throw Wrong($"it takes {engine.Inputs[_input]}, the card has {schema.Inputs.Count} inputs");
        if (_q < 0 || engine.Outputs[_q].Count != schema.Values) throw Wrong($"it gives {string.Join(", ", engine.Outputs)}; it must give 'q' with {schema.Values} values, one per action and period");
        _low = [.. schema.Inputs.Select(i => (float)i.Low)];
        _scale = [.. schema.Inputs.Select(i => (float)(2 / (i.High - i.Low)))];
        (_values, _periods, _deadlines) = (schema.Values, [.. schema.PeriodsUs.Select(p => new Duration(p * 1000))], new Duration[schema.Actions.Count]);
        (_observation, _state) = (new float[_low.Length], new float[isRecurrent ? engine.Inputs[_memory].Count : 0]);
        Try();
    }

    /// <summary>Gets the card.</summary>
    public PolicyCard Card { get; }

    /// <summary>Gets the engine, for its name, version and providers.</summary>
    public IInferenceEngine Engine => _engine;

    /// <summary>Gets what the policy looks at; write it before <see cref="TryChoose(Duration, out PolicyChoice)"/>, in the order and units of <see cref="PolicySchema.Inputs"/>.</summary>
    public Span<float> Observation => _observation;

    /// <summary>Gets the values of the last choice, [action · periods + period].</summary>
    public ReadOnlySpan<float> Values => _engine.Output(_q);

    /// <summary>Gets how many bytes <see cref="Freeze"/> writes.</summary>
    internal int StateBytes => 2 * sizeof(int) + _state.Length * sizeof(float);

    /// <summary>Loads a policy for a robot.</summary>
    /// <param name="path">The card's file.</param>
    /// <param name="expected">What the robot's code gives and can do.</param>
    /// <param name="options">Which engine runs it; null = the managed one, which replays exactly.</param>
    /// <param name="log">Told which engine runs it and what was left out; null = nobody.</param>
    /// <exception cref="InvalidDataException">The files are damaged, the network is unsafe, or it was trained for another robot; the message says what differs first.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="NotSupportedException">The managed engine does not know an operator of the network.</exception>
    /// <exception cref="DllNotFoundException">ONNX Runtime is asked for and its library is not found.</exception>
    public static LearnedPolicy Load(string path, PolicySchema expected, InferenceOptions? options = null, Action<InferenceFinding>? log = null)
    {
        ArgumentNullException.ThrowIfNull(expected);
        var card = PolicyFile.Read(path, out byte[] model);
        if (card.Schema.Hash != expected.Hash) throw new InvalidDataException($"{path}: the policy was trained for something else: {Difference(card.Schema, expected)}. Train it anew, or configure the robot as it was then.");
        var engine = InferenceEngines.Create(model, path, options, log);
        try
        {
            return new LearnedPolicy(card, engine);
        }
        catch (InvalidDataException e)
        {
            engine.Dispose();
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Runs the network on <see cref="Observation"/> and chooses.</summary>
    /// <param name="deadline">The longest period that is safe now: the time to the next hard deadline less what waking and deciding take. It only takes periods away.</param>
    /// <param name="choice">The choice; the safe action and the shortest period where the answer is false.</param>
    /// <returns>False when an observation or a value is not a finite number: nothing was learned from it, and the memory stays what it was.</returns>
    public bool TryChoose(Duration deadline, out PolicyChoice choice)
    {
        _deadlines.AsSpan().Fill(deadline);
        return TryChoose(_deadlines, out choice);
    }

    /// <summary>Runs the network on <see cref="Observation"/> and chooses where every action has a deadline of its own.</summary>
    /// <param name="deadlines">For each action the longest period that is safe with it; below the shortest period = not this action.</param>
    /// <param name="choice">The choice; the safe action and the shortest period where nothing is allowed or the answer is false.</param>
    /// <returns>False when an observation or a value is not a finite number: nothing was learned from it, and the memory stays what it was.</returns>
    /// <exception cref="ArgumentException">There are not as many deadlines as actions.</exception>
    public bool TryChoose(ReadOnlySpan<Duration> deadlines, out PolicyChoice choice)
    {
        int periods = _periods.Length;
        if (deadlines.Length * periods != _values) throw new ArgumentException($"There are {deadlines.Length} deadlines; must be one for each of the {_values / periods} actions.", nameof(deadlines));
        choice = new PolicyChoice(0, 0, float.NaN, _values);
        var input = _engine.Input(_input);
        for (int i = 0; i < _observation.Length; i++)
        {
            if (!float.IsFinite(_observation[i])) return false;
            input[i] = Math.Clamp((_observation[i] - _low[i]) * _scale[i] - 1, -1, 1);
        }
        if (_memory >= 0) _state.CopyTo(_engine.Input(_memory));
        _engine.Run();
        var values = _engine.Output(_q);
        if (!AllFinite(values) || _nextMemory >= 0 && !AllFinite(_engine.Output(_nextMemory))) return false;
        if (_nextMemory >= 0) _engine.Output(_nextMemory).CopyTo(_state);
        int best = -1, allowed = 0;
        for (int a = 0; a < deadlines.Length; a++)
        {
            for (int k = 0; k < periods && _periods[k] <= deadlines[a]; k++)
            {
                allowed++;
                if (best < 0 || values[a * periods + k] > values[best]) best = a * periods + k;
            }
        }
        choice = best < 0 ? choice : new PolicyChoice(best / periods, best % periods, values[best], _values - allowed);
        return true;
    }

    /// <summary>Forgets what a recurrent network remembers.</summary>
    public void Reset() => Array.Clear(_state);

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher) => hasher.Add((ReadOnlySpan<float>)_state);

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var state = new StateWriter(writer);
        state.Write(StateVersion);
        state.WriteSpan<float>(_state);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var reader = new StateReader(state, $"Policy '{Card.Name}'");
        reader.Expect(StateVersion, "version");
        reader.ReadFinite(_state, "memory");
        reader.End();
    }

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();

    // The corners of the inputs' range that lie on its diagonals, and its middle: a network that is damaged beyond use shows there, not on the road.
    private void Try()
    {
        foreach (double share in (ReadOnlySpan<double>)[0.5, 0, 1])
        {
            for (int i = 0; i < _observation.Length; i++) _observation[i] = (float)(Card.Schema.Inputs[i].Low + share * (Card.Schema.Inputs[i].High - Card.Schema.Inputs[i].Low));
            if (!TryChoose(Duration.Unlimited, out _)) throw Wrong("it gives numbers that are not finite for inputs within their range");
        }
        Reset();
        Array.Clear(_observation);
    }

    private static bool AllFinite(ReadOnlySpan<float> values)
    {
        foreach (float v in values)
        {
            if (!float.IsFinite(v)) return false;
        }
        return true;
    }

    private static string Difference(PolicySchema file, PolicySchema robot)
    {
        if (file.Robot != robot.Robot) return $"robot '{file.Robot}', this one is '{robot.Robot}'";
        if (!file.PeriodsUs.SequenceEqual(robot.PeriodsUs)) return $"periods of {string.Join(", ", file.PeriodsUs)} us, the loop has {string.Join(", ", robot.PeriodsUs)}";
        if (!file.Inputs.Select(i => i.Name).SequenceEqual(robot.Inputs.Select(i => i.Name))) return $"inputs [{string.Join(", ", file.Inputs.Select(i => i.Name))}], this robot gives [{string.Join(", ", robot.Inputs.Select(i => i.Name))}]";
        if (file.Inputs.Zip(robot.Inputs).FirstOrDefault(i => i.First != i.Second) is { First: { } theirs, Second: { } ours }) return string.Create(CultureInfo.InvariantCulture, $"input '{theirs.Name}' from {theirs.Low} to {theirs.High}, this robot's goes from {ours.Low} to {ours.High}");
        return $"{file.Actions.Count} actions ({string.Join(", ", file.ActionNames)}), this robot has {robot.Actions.Count} ({string.Join(", ", robot.ActionNames)}), or others";
    }

    private static InvalidDataException Wrong(string why) => new($"The network does not fit its card: {why}.");
}
