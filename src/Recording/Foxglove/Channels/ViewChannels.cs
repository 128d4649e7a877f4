using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>Turns views into messages that Foxglove and others can show, on a fixed set of channels for the whole and eight per loop.</summary>
/// <remarks>
/// The whole: <c>/view/map</c> SceneUpdate, <c>/tf</c> FrameTransforms (map → loop/base → loop/camera), <c>/log</c> Log. A loop:
/// <c>/view/&lt;loop&gt;/</c> image (CompressedImage png or RawImage mono8), boxes (ImageAnnotations), scan (LaserScan), pose (PoseInFrame: where the
/// robot believes to be), path (PosesInFrame: where it was, truly when the map knows), sectors (SceneUpdate), latency and health (JSON).
/// A loop's channels appear with its first view. What a loop does not have (no camera, no scan) is announced but never written.
/// <para>Rates are limited in logical time. Not thread-safe; use one instance per sink, because limits and paths belong to it.
/// Allocation-free once the buffers have grown, except for PNG images.</para>
/// </remarks>
public sealed class ViewChannels
{
    /// <summary>The frame that all robots share.</summary>
    public const string MapFrame = "map";

    private const int Map = 0, Transforms = 1, Lines = 2, FirstLoop = 3;

    private readonly ViewChannelOptions _options;
    private readonly List<ViewChannel> _channels;
    private readonly List<LoopChannels> _loops = [];
    private readonly Dictionary<string, LoopChannels> _byName = new(StringComparer.Ordinal);
    private readonly ProtoWriter _writer = new(16 * 1024);
    private readonly ViewJson _json = new();
    private readonly MapScene _map = new();
    private ViewRate _mapRate, _transformRate;
    private IViewSink? _sink;
    private int _opened;

    /// <summary>Makes the channels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public ViewChannels(ViewChannelOptions? options = null)
    {
        _options = options ?? new ViewChannelOptions();
        Check(_options.ImageHz, nameof(options));
        Check(_options.OtherHz, nameof(options));
        Check(_options.PathHz, nameof(options));
        Check(_options.PathStep, nameof(options));
        if (_options.PathPoses is < 2 or > 100_000) throw new ArgumentOutOfRangeException(nameof(options), _options.PathPoses, "PathPoses must be in [2, 100000].");
        _mapRate = new ViewRate(_options.OtherHz);
        _transformRate = new ViewRate(_options.OtherHz);
        _channels =
        [
            new ViewChannel(Map, "/view/map", FoxgloveSchemas.SceneUpdate),
            new ViewChannel(Transforms, "/tf", FoxgloveSchemas.FrameTransforms),
            new ViewChannel(Lines, "/log", FoxgloveSchemas.Log),
        ];
    }

    /// <summary>Gets the channels so far, by id.</summary>
    public IReadOnlyList<ViewChannel> Channels => _channels;

    /// <summary>Announces the channels of the given loops now, so that a viewer sees them before the first view.</summary>
    public void Announce(IReadOnlyList<string> loops, IViewSink sink)
    {
        ArgumentNullException.ThrowIfNull(loops);
        ArgumentNullException.ThrowIfNull(sink);
        for (int i = 0; i < loops.Count; i++) Of(loops[i]);
        OpenNew(sink);
    }

    /// <summary>Writes what is due and wanted of a view.</summary>
    public void Encode(LiveView view, IViewSink sink)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(sink);
        for (int i = 0; i < view.Loops.Count; i++) Of(view.Loops[i].Loop);
        OpenNew(sink);
        // Frames first: what follows is drawn in them.
        WriteTransforms(view, sink);
        WriteMap(view, sink);
        for (int i = 0; i < view.Loops.Count; i++)
        {
            var channels = Of(view.Loops[i].Loop);
            LogRung(channels, view.Loops[i], sink);
            channels.Encode(view, view.Loops[i], _writer, _json, sink);
        }
    }

    /// <summary>Writes a line to <c>/log</c>. Changes of a rung are logged without being asked.</summary>
    public void Log(Stamp time, FoxgloveLogLevel level, string name, string message, IViewSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        OpenNew(sink);
        if (!sink.Wants(Lines)) return;
        _writer.Clear();
        _writer.Log(time, level, name, message);
        sink.Write(Lines, time, _writer.Written);
    }

    private static void Check(double value, string name)
    {
        if (!(value > 0) || double.IsInfinity(value)) throw new ArgumentOutOfRangeException(name, value, "ImageHz, OtherHz, PathHz and PathStep must be positive.");
    }

    private LoopChannels Of(string loop)
    {
        if (_byName.TryGetValue(loop, out var channels)) return channels;
        channels = new LoopChannels(loop, FirstLoop + _loops.Count * LoopChannels.Count, _options);
        _byName.Add(loop, channels);
        _loops.Add(channels);
        _channels.AddRange(channels.Channels);
        return channels;
    }

    private void OpenNew(IViewSink sink)
    {
        if (!ReferenceEquals(sink, _sink)) (_sink, _opened) = (sink, 0);
        while (_opened < _channels.Count) sink.Open(_channels[_opened++]);
    }

    private void WriteMap(LiveView view, IViewSink sink)
    {
        if (!_mapRate.IsDue(view.Time) || !sink.Wants(Map)) return;
        _writer.Clear();
        _map.Write(_writer, view);
        sink.Write(Map, view.Time, _writer.Written);
        _mapRate.Sent(view.Time);
    }

    private void WriteTransforms(LiveView view, IViewSink sink)
    {
        if (!_transformRate.IsDue(view.Time) || !sink.Wants(Transforms)) return;
        _writer.Clear();
        for (int i = 0; i < view.Loops.Count; i++)
        {
            var loop = view.Loops[i];
            var frames = Of(loop.Loop);
            if (MapScene.TryPose(view, loop, out var pose))
            {
                int robot = _writer.Begin(1);
                _writer.FrameTransform(view.Time, MapFrame, frames.BaseFrame, pose);
                _writer.End(robot);
            }
            int camera = _writer.Begin(1);
            _writer.CameraTransform(view.Time, frames.BaseFrame, frames.CameraFrame, _options.CameraAhead, _options.CameraUp);
            _writer.End(camera);
        }
        sink.Write(Transforms, view.Time, _writer.Written);
        _transformRate.Sent(view.Time);
    }

    private void LogRung(LoopChannels channels, LoopView loop, IViewSink sink)
    {
        if (loop.Rung == channels.Rung) return;
        var level = loop.Rung switch
        {
            Rung.Nominal or Rung.Strained => FoxgloveLogLevel.Info,
            Rung.Degraded => FoxgloveLogLevel.Warning,
            _ => FoxgloveLogLevel.Error,
        };
        Log(loop.Tag, level, loop.Loop, $"Health went from {channels.Rung} to {loop.Rung}: {loop.RungReason}.", sink);
        channels.Rung = loop.Rung;
    }
}
