using System.Buffers;
using System.Buffers.Binary;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Sensors;

/// <summary>A sensor that plays a recording: each cycle gets the events whose time lies between the previous cycle and this one.</summary>
/// <remarks>
/// <para>The window of a cycle is [last cycle, this cycle) on the recording's time line; the packet's window and its events carry the recording's own times, the
/// report's validity the loop's. A silent window is a sample too (Ok with no events); after the end of the recording the answer is NoOutput.
/// Which events a cycle gets depends on <see cref="CycleContext.Now"/> alone, so every run gives the same packets.</para>
/// <para>Events earlier than their window are delivered with it and counted (<see cref="LateEvents"/>). What does not fit the packet is
/// dropped, newest first, and counted in the packet and the report.</para>
/// <para>Reads and decodes inline, some 3 ns an event on a cached file; a file on a slow disk can make a cycle late. Allocates nothing in a cycle.</para>
/// </remarks>
public sealed class EventFileSensor : ISensor<EventPacket>, IFreezable, IPayload, IDisposable
{
    private const int AheadEvents = 16 * 1024;
    private readonly string _path;
    private readonly EventFileSensorOptions _options;
    private readonly Event[] _ahead = new Event[AheadEvents];
    private EventFileReader? _reader;
    private int _start, _end;
    private long _consumed, _originUs, _windowUs;
    private Stamp _originStamp, _lastStamp;
    private bool _playing;

    /// <summary>Makes the sensor; the file is opened by <see cref="Start"/>.</summary>
    /// <param name="path">The recording.</param>
    /// <param name="options">How to play it; null = at its own pace.</param>
    /// <exception cref="ArgumentException">The scale is not finite and positive, or is set on an unaligned time line.</exception>
    public EventFileSensor(string path, EventFileSensorOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = path;
        _options = options ?? new EventFileSensorOptions();
        if (_options.Pace != PlaybackPace.Scaled) return;
        if (!double.IsFinite(_options.Scale) || _options.Scale <= 0)
            throw new ArgumentException($"Sensor '{_options.Name}': Scale is {_options.Scale}; must be finite and > 0.", nameof(options));
        if (!_options.AlignStart)
            throw new ArgumentException($"Sensor '{_options.Name}': a scaled recording needs AlignStart; only an aligned start has a point to scale from.", nameof(options));
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <summary>Gets what the recording is; null before <see cref="Start"/>.</summary>
    public EventFileInfo? Info => _reader?.Info;

    /// <summary>Gets whether every event of the recording was handed out.</summary>
    public bool EndOfStream => _reader is { EndOfStream: true } && _start == _end;

    /// <summary>Gets how many events came later than their window.</summary>
    public long LateEvents { get; private set; }

    /// <summary>Gets how many events were dropped because a packet was full.</summary>
    public long DroppedEvents { get; private set; }

    /// <summary>Gets the decoder, for its counters; null before <see cref="Start"/>.</summary>
    public IEventDecoder? Decoder => _reader?.Decoder;

    /// <summary>Opens the recording and decodes its first events.</summary>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="NotSupportedException">The format is recognised, but this version cannot decode it.</exception>
    /// <exception cref="InvalidDataException">The file is no recording.</exception>
    public void Start()
    {
        _reader?.Dispose();
        _reader = EventFile.Open(_path, _options.File);
        Restart();
    }

    /// <summary>Closes the recording.</summary>
    public void Stop() => Dispose();

    /// <inheritdoc/>
    public StageStatus Sense(in SensingRequest request, ref EventPacket sample, ref SensorReport report, in CycleContext context)
    {
        if (_reader is null) return StageStatus.Failed(FailureCode.Unavailable);
        if (sample is null) return StageStatus.Failed(FailureCode.BadInput);
        if (!_playing) Begin(context.Now);
        if (EndOfStream) return StageStatus.NoOutput;

        long boundary = FileTime(context.Now);
        sample.Reset(_windowUs, Math.Max(boundary, _windowUs));
        sample.Width = _reader.Info.Width;
        sample.Height = _reader.Info.Height;
        TakeUntil(boundary, sample, request.Region);
        DroppedEvents += sample.Dropped;
        Report(sample, request.Region, ref report, context.Now);
        _windowUs = sample.EndUs;
        _lastStamp = context.Now;
        return StageStatus.Ok;
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(_consumed);
        hasher.Add(_windowUs);
        hasher.Add(_originUs);
        hasher.Add(_originStamp.Nanoseconds);
        hasher.Add(_lastStamp.Nanoseconds);
        hasher.Add(_playing ? 1 : 0);
        hasher.Add(LateEvents);
        hasher.Add(DroppedEvents);
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ReadOnlySpan<long> state = [_consumed, _windowUs, _originUs, _originStamp.Nanoseconds, _lastStamp.Nanoseconds, _playing ? 1 : 0, LateEvents, DroppedEvents];
        var span = writer.GetSpan(state.Length * 8);
        for (int i = 0; i < state.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(span[(i * 8)..], state[i]);
        writer.Advance(state.Length * 8);
    }

    /// <summary>Replaces the state; reads the recording again from its start to the place where it stood.</summary>
    /// <param name="state">What <see cref="Freeze"/> wrote.</param>
    /// <exception cref="InvalidDataException">The bytes are of another kind, or the recording is shorter than it was.</exception>
    /// <exception cref="InvalidOperationException">The sensor is not started.</exception>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        if (_reader is null) throw new InvalidOperationException($"Sensor '{Name}': start it before its state is put back.");
        if (state.Length != 64) throw new InvalidDataException($"Sensor '{Name}': state has {state.Length} bytes, must have 64; the keyframe is of another version.");
        _reader.Rewind();
        Restart();
        long consumed = BinaryPrimitives.ReadInt64LittleEndian(state);
        while (_consumed < consumed && Available())
        {
            int n = (int)Math.Min(consumed - _consumed, _end - _start);
            _start += n;
            _consumed += n;
        }
        if (_consumed != consumed)
            throw new InvalidDataException($"Sensor '{Name}': the state is {consumed} events into the recording, {_path} has {_consumed}; it is another recording.");
        Available();
        _windowUs = BinaryPrimitives.ReadInt64LittleEndian(state[8..]);
        _originUs = BinaryPrimitives.ReadInt64LittleEndian(state[16..]);
        _originStamp = new Stamp(BinaryPrimitives.ReadInt64LittleEndian(state[24..]));
        _lastStamp = new Stamp(BinaryPrimitives.ReadInt64LittleEndian(state[32..]));
        _playing = BinaryPrimitives.ReadInt64LittleEndian(state[40..]) != 0;
        LateEvents = BinaryPrimitives.ReadInt64LittleEndian(state[48..]);
        DroppedEvents = BinaryPrimitives.ReadInt64LittleEndian(state[56..]);
    }

    /// <summary>Closes the recording.</summary>
    public void Dispose()
    {
        _reader?.Dispose();
        _reader = null;
    }

    private void Restart()
    {
        _start = _end = 0;
        _consumed = LateEvents = DroppedEvents = 0;
        _playing = false;
        Available();
    }

    private void Begin(Stamp now)
    {
        _playing = true;
        _originStamp = _lastStamp = now;
        _originUs = _options.AlignStart && _start < _end ? _ahead[_start].TimeUs : now.Microseconds;
        _windowUs = _options.AlignStart ? _originUs : Math.Min(_start < _end ? _ahead[_start].TimeUs : _originUs, _originUs);
    }

    private long FileTime(Stamp now)
    {
        if (!_options.AlignStart) return now.Microseconds;
        long ns = (now - _originStamp).Nanoseconds;
        // One multiplication and one floor: the same bits on every machine.
        if (_options.Pace == PlaybackPace.Scaled) ns = (long)Math.Floor(ns * _options.Scale);
        return _originUs + new Stamp(ns).Microseconds;
    }

    private void TakeUntil(long boundary, EventPacket packet, in PixelRegion region)
    {
        while (Available())
        {
            var some = _ahead.AsSpan(_start, _end - _start);
            int n = EventSlicer.CountBefore(some, boundary);
            foreach (ref readonly var e in some[..n])
            {
                if (e.TimeUs < packet.StartUs) LateEvents++;
            }
            EventRegionFilter.AppendTo(packet, some[..n], region);
            _start += n;
            _consumed += n;
            if (n < some.Length) return;
        }
    }

    /// <summary>Makes sure that there is an event ahead, if the recording has one more.</summary>
    private bool Available()
    {
        if (_start < _end) return true;
        _start = 0;
        _end = _reader!.Read(_ahead);
        return _end > 0;
    }

    private void Report(EventPacket packet, in PixelRegion region, ref SensorReport report, Stamp now)
    {
        report.ValidFrom = _lastStamp;
        report.ValidTo = now;
        report.Items = packet.Count;
        report.Trust = 1f;
        report.QueueFill = 0f;
        report.Dropped = (uint)Math.Min(packet.Dropped, uint.MaxValue);
        report.Applied = new SensorApplied
        {
            Region = region,
            Sectors = SectorMask.All,
            EventThreshold = 1f,
            Coverage = Coverage(region, packet.Width, packet.Height),
        };
    }

    private static float Coverage(in PixelRegion region, int width, int height)
    {
        if (region.IsAll) return 1f;
        long columns = Math.Clamp(width - region.X, 0, region.Width), rows = Math.Clamp(height - region.Y, 0, region.Height);
        return (float)(columns * rows) / ((long)width * height);
    }
}
