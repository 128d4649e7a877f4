using System.Buffers;

namespace EdgeAutonomy.Runtime;

/// <summary>What a recurrent network carries from one run to the next: every output "x.next" becomes the input "x".</summary>
/// <remarks>
/// Engines keep nothing themselves, so this is the part of a stage that goes into keyframes and hashes. The convention of the names is that of our export.
/// One thread; allocates nothing after construction.
/// </remarks>
public sealed class InferenceState : IFreezable, IPayload
{
    /// <summary>What the name of an output ends with whose numbers are the input of the next run.</summary>
    public const string Suffix = ".next";

    private readonly IInferenceEngine _engine;
    private readonly (int Output, int Input)[] _pairs;

    /// <summary>Finds the pairs.</summary>
    /// <exception cref="InvalidDataException">An output has the suffix and no input of its name and size.</exception>
    public InferenceState(IInferenceEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        _engine = engine;
        var pairs = new List<(int, int)>();
        for (int i = 0; i < engine.Outputs.Count; i++)
        {
            var output = engine.Outputs[i];
            if (!output.Name.EndsWith(Suffix, StringComparison.Ordinal)) continue;
            int input = engine.FindInput(output.Name[..^Suffix.Length]);
            if (input < 0 || engine.Inputs[input].Count != output.Count)
                throw new InvalidDataException($"The output {output} is a next state and there is no input '{output.Name[..^Suffix.Length]}' of {output.Count} numbers; export the network again.");
            pairs.Add((i, input));
        }
        _pairs = [.. pairs];
    }

    /// <summary>Gets how many values are carried; 0 for a network without memory.</summary>
    public int Count => _pairs.Length;

    /// <summary>Tells whether an input carries state, so that nobody else writes it.</summary>
    public bool Carries(int input) => Array.Exists(_pairs, p => p.Input == input);

    /// <summary>Takes over what the last run gave. Call it after each run.</summary>
    public void Advance()
    {
        foreach (var (output, input) in _pairs) _engine.Output(output).CopyTo(_engine.Input(input));
    }

    /// <summary>Sets the state to zero.</summary>
    public void Clear()
    {
        foreach (var (_, input) in _pairs) _engine.Input(input).Clear();
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        foreach (var (_, input) in _pairs)
        {
            foreach (float value in _engine.Input(input)) hasher.Add(value);
        }
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        foreach (var (_, input) in _pairs) w.WriteSpan<float>(_engine.Input(input));
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "Network state");
        Thaw(ref r);
        r.End();
    }

    /// <summary>Reads the state as a part of a greater one.</summary>
    /// <exception cref="InvalidDataException">The state is of another network, or a number is not finite.</exception>
    public void Thaw(ref StateReader reader)
    {
        foreach (var (_, input) in _pairs) reader.ReadFinite(_engine.Input(input), _engine.Inputs[input].Name);
    }
}
