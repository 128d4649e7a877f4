using System.Buffers;

namespace EdgeAutonomy.Perception;

/// <summary>Steps a network through a stream of events that comes in batches of any size: a step closes when its time is over.</summary>
/// <remarks>
/// How the stream is cut into batches does not matter: what decides is each event's own time and up to when the stream is known to be complete. Time in which nothing
/// happened is stepped through as well, because membranes leak. Events that come after their step was closed are counted and left out.
/// Allocates nothing after construction; one thread at a time.
/// </remarks>
public sealed class SpikeStream : IFreezable
{
    private const int StateVersion = 1;

    private readonly SpikingNetwork _network;
    private readonly SpikeInput _input;
    private readonly long _stepUs;

    /// <summary>Makes a stream that has not begun.</summary>
    /// <param name="network">The network; it is stepped by this object only.</param>
    /// <param name="input">A binner of the network's size; filled by this object only.</param>
    /// <param name="stepUs">The length of a step in microseconds, at least 1.</param>
    /// <exception cref="ArgumentException">The binner has another size than the network's input.</exception>
    public SpikeStream(SpikingNetwork network, SpikeInput input, long stepUs)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(input);
        OptionRange.Check(stepUs is >= 1 and <= 3_600_000_000, nameof(SpikeStream), nameof(stepUs), stepUs, "must be in [1, 3600000000] microseconds");
        network.Check(input);
        (_network, _input, _stepUs) = (network, input, stepUs);
    }

    /// <summary>Gets when the open step began, in microseconds.</summary>
    public long StepBeginUs { get; private set; }

    /// <summary>Gets the events that were left out because their step was closed.</summary>
    public long Late { get; private set; }

    /// <summary>Begins at a time; the network starts over.</summary>
    /// <param name="timeUs">When the first step begins, in microseconds.</param>
    public void Begin(long timeUs)
    {
        _network.Reset();
        _input.Clear();
        (StepBeginUs, Late) = (timeUs, 0);
    }

    /// <summary>Takes as many events as belong to the open step, and runs the step if the stream is complete beyond its end. Call it until it returns false.</summary>
    /// <param name="events">Events in the order of their time; moved on over those that were taken.</param>
    /// <param name="completeUs">Up to when the stream is complete: no event before this comes any more. Steps that end at or before it are closed.</param>
    /// <returns>Whether a step was run; its outputs stand in the network.</returns>
    /// <example><code>
    /// while (stream.TryStep(ref events, packet.EndUs)) Use(network.Outputs[0]);
    /// </code></example>
    public bool TryStep(ref ReadOnlySpan<Event> events, long completeUs)
    {
        long end = StepBeginUs + _stepUs;
        int late = 0;
        while (late < events.Length && events[late].TimeUs < StepBeginUs) late++;
        int n = late;
        while (n < events.Length && events[n].TimeUs < end) n++;
        Late += late;
        _input.Add(events[late..n]);
        events = events[n..];
        if (completeUs < end) return false;
        _network.Step(_input);
        _input.Clear();
        StepBeginUs = end;
        return true;
    }

    /// <inheritdoc/>
    /// <remarks>The network's state is the network's own to freeze. What the open step has gathered is in this one.</remarks>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var state = new StateWriter(writer);
        state.Write(StateVersion);
        state.Write(StepBeginUs);
        state.Write(Late);
        _input.Freeze(ref state);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var reader = new StateReader(state, "Spike stream");
        reader.Expect(StateVersion, "version");
        (StepBeginUs, Late) = (reader.Read<long>(), reader.Read<long>());
        reader.Require(Late >= 0, "a count of late events");
        _input.Thaw(ref reader);
        reader.End();
    }
}
