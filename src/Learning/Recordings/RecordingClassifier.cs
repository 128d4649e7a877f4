using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning;

/// <summary>Classifies event recordings with a spiking network, step by step as a robot would.</summary>
/// <remarks>The readout after a step is the sum of what the network has sent so far: spikes, or membranes of a readout without spikes. The class is the
/// largest, the lowest index of equals. One thread at a time; a step allocates nothing.</remarks>
public sealed class RecordingClassifier
{
    private readonly SpikingNetwork _network;
    private readonly SpikeInput _input;
    private readonly float[] _sums;
    private readonly long _stepUs;

    /// <summary>Makes a classifier.</summary>
    /// <param name="network">The network, with one output and an input of 1 or 2 channels of H × W.</param>
    /// <param name="stepUs">The length of a step in microseconds; at least 1.</param>
    /// <param name="steps">The steps of a recording; later events fall into the last one.</param>
    /// <param name="binary">Whether several events of one step on one pixel count once.</param>
    /// <exception cref="InvalidDataException">The network has another kind of input or several outputs.</exception>
    public RecordingClassifier(SpikingNetwork network, long stepUs, int steps, bool binary = false)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepUs, 1L);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        var shape = network.InputShape;
        if (shape.Length != 3 || shape[0] is not (1 or 2)) throw new InvalidDataException($"The network's input is [{string.Join(", ", shape.ToArray())}]; recordings need [1 or 2, height, width]. Use a network for event images.");
        if (network.Outputs.Count != 1) throw new InvalidDataException($"The network has {network.Outputs.Count} outputs; classification needs one.");
        (_network, _stepUs, Steps) = (network, stepUs, steps);
        _input = new SpikeInput(shape[2], shape[1], shape[0], binary);
        _sums = new float[network.Outputs[0].Elements];
    }

    /// <summary>Gets the steps of a recording.</summary>
    public int Steps { get; }

    /// <summary>Gets how many classes there are.</summary>
    public int Classes => _sums.Length;

    /// <summary>Gets the sums of what the network has sent, one per class.</summary>
    public ReadOnlySpan<float> Readout => _sums;

    /// <summary>Gets the class that leads.</summary>
    public int Leader
    {
        get
        {
            int best = 0;
            for (int c = 1; c < _sums.Length; c++)
            {
                if (_sums[c] > _sums[best]) best = c;
            }
            return best;
        }
    }

    /// <summary>Begins a recording.</summary>
    public void Begin()
    {
        _network.Reset();
        Array.Clear(_sums);
    }

    /// <summary>Runs one step.</summary>
    /// <param name="events">The rest of the recording, ordered by time from 0.</param>
    /// <param name="step">The number of this step, 0 for the first.</param>
    /// <returns>How many events it took.</returns>
    public int Step(ReadOnlySpan<Event> events, int step)
    {
        _input.Clear();
        int n = 0;
        long end = step == Steps - 1 ? long.MaxValue : (step + 1) * _stepUs;
        while (n < events.Length && events[n].TimeUs < end) n++;
        _input.Add(events[..n]);
        _network.Step(_input);
        var values = _network.Outputs[0].Values;
        for (int c = 0; c < _sums.Length; c++) _sums[c] += values[c];
        return n;
    }

    /// <summary>Runs a whole recording.</summary>
    /// <param name="events">Its events, ordered by time from 0.</param>
    /// <returns>The class.</returns>
    public int Classify(ReadOnlySpan<Event> events)
    {
        Begin();
        for (int t = 0; t < Steps; t++) events = events[Step(events, t)..];
        return Leader;
    }
}
