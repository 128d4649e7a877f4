using System.Globalization;
using EdgeAutonomy.Perception;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Sensors;

namespace EdgeAutonomy.Host;

/// <summary>Runs perception beside a picture and keeps its boxes: packets of two milliseconds, as <c>edge run --events</c> has them unless told otherwise.</summary>
internal sealed class BoxSpotter
{
    private const long PeriodUs = 2000, WarmUpUs = 100_000;
    private const int Capacity = 1 << 20, MaxSide = 4096;

    private readonly EventPerceiver _perceiver;
    private readonly EventPacket _packet = new(Capacity);
    private readonly long _periodUs;
    private Percept _percept;
    private PixelBox[] _boxes = [];
    private long _from;

    /// <summary>Makes a spotter that has seen nothing yet.</summary>
    /// <param name="info">The recording.</param>
    /// <param name="windowUs">Length of a window; packets are no longer than it.</param>
    /// <exception cref="InvalidDataException">The sensor is larger than perception can be.</exception>
    public BoxSpotter(EventFileInfo info, long windowUs)
    {
        if (info.Width > MaxSide || info.Height > MaxSide)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{info.Path}: the sensor has {info.Width}x{info.Height} pixels, perception takes at most {MaxSide}x{MaxSide}; leave out --boxes."));
        _perceiver = EventPerceiver.ForSensor(info.Width, info.Height);
        _percept = _perceiver.CreatePercept();
        _packet.Width = info.Width;
        _packet.Height = info.Height;
        _periodUs = Math.Min(PeriodUs, windowUs);
    }

    /// <summary>Sets the time line: perception begins so long before the first window that its neurons have settled, and packets end where windows do.</summary>
    public void Begin(long originUs, long firstWindowUs)
    {
        long periods = Math.Min(WarmUpUs, firstWindowUs - originUs) / _periodUs;
        _from = firstWindowUs - periods * _periodUs;
        _packet.Reset(_from, _from + _periodUs);
    }

    /// <summary>Takes the next event.</summary>
    public void Add(in Event e)
    {
        if (e.TimeUs < _from) return;
        if (e.TimeUs >= _packet.EndUs) Advance(e.TimeUs);
        if (e.TimeUs >= _packet.StartUs) _packet.Append(e);
    }

    /// <summary>Returns the newest boxes up to the end of a window, and forgets them.</summary>
    public IReadOnlyList<PixelBox> Take(long endUs)
    {
        if (_packet.EndUs <= endUs) Advance(endUs);
        var boxes = _boxes;
        _boxes = [];
        return boxes;
    }

    private void Advance(long timeUs)
    {
        Perceive();
        long end = _packet.EndUs, silent = (timeUs - end) / _periodUs * _periodUs;
        // A pause is one packet without events, however long: its length reaches perception as the time step.
        if (silent > 0)
        {
            _packet.Reset(end, end + silent);
            Perceive();
            end += silent;
        }
        _packet.Reset(end, end + _periodUs);
    }

    private void Perceive()
    {
        var context = new CycleContext { Now = Stamp.Zero, Dt = Duration.FromMicroseconds(_packet.EndUs - _packet.StartUs) };
        if (_perceiver.Perceive(_packet, ref _percept, context).HasOutput && _percept.BoxCount > 0) _boxes = [.. _percept.Boxes];
    }
}
