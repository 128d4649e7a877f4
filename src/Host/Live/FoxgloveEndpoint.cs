using System.Collections.Concurrent;
using System.Net.WebSockets;
using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Foxglove's WebSocket protocol at the path "/": what the loops do as topics, their knobs as parameters, their stops as services.</summary>
/// <remarks>
/// <see cref="Show"/> and <see cref="Log"/> are called by whoever makes the views (recorder's thread, replay's thread, never a loop's); they encode only what
/// somebody subscribed to and never wait for a client. Everything else may be called from any thread. Rights are those of the page:
/// see <see cref="LiveControl"/>.
/// </remarks>
public sealed class FoxgloveEndpoint : IWebSocketEndpoint
{
    // Parameters are for people; twice a second is as often as a person reads a number.
    private const long ParameterIntervalNs = 500_000_000;

    private readonly MonotonicMeasure _measure = MonotonicMeasure.Instance;
    private readonly ILiveFeed _feed;
    private readonly PlaybackControl? _playback;
    private readonly FoxgloveDoor[] _doors;
    private readonly FoxgloveParameters _parameters;
    private readonly FoxgloveServices _services;
    private readonly ViewChannels _channels;
    private readonly DoorSink _sink;
    private readonly Dictionary<string, (FoxgloveStatusLevel Level, string Message)> _troubles = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<FoxgloveSession, bool> _sessions = new();
    private readonly Lock _gate = new();
    private IReadOnlyList<string> _shown = [];
    private long _nextParameters, _dropped;
    private bool _ended;

    /// <summary>Makes the endpoint.</summary>
    /// <param name="options">What the live endpoint allows.</param>
    /// <param name="feed">What is shown and steered; its loops are announced at once.</param>
    /// <param name="playback">The recording that is shown; null = running loops.</param>
    /// <param name="time">Tells one run of the program from another; null = the system's time.</param>
    public FoxgloveEndpoint(LiveOptions options, ILiveFeed feed, PlaybackControl? playback = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _feed = feed ?? throw new ArgumentNullException(nameof(feed));
        _playback = playback;
        var control = new LiveControl(options, feed, playback);
        _parameters = new FoxgloveParameters(feed, control, playback);
        string session = $"{Environment.ProcessId}-{(time ?? TimeProvider.System).GetUtcNow().ToUnixTimeMilliseconds()}";
        var server = new FoxgloveServerOptions
        {
            Name = $"edge {options.Robot}", SessionId = session, SendsTime = true, HasParameters = true, HasClientPublish = false, MaxClients = options.MaxClients,
            Metadata = new Dictionary<string, string> { ["robot"] = options.Robot, ["program"] = $"edge {ProgramVersion.Text}" },
            DataStart = playback?.State.Start, DataEnd = playback?.State.End,
        };
        // The protocol's server has one set of rights for all its clients, so there is one server for each that occurs.
        ClientRights[] rights = [new(false, false), new(true, false), new(true, true)];
        _services = new FoxgloveServices(control, playback);
        _doors = [.. rights.Select(r => new FoxgloveDoor(server, r, _services, _parameters, playback, _measure))];
        _sink = new DoorSink(_doors);
        _channels = new ViewChannels(new ViewChannelOptions { OtherHz = options.MaxHz, ImageHz = Math.Min(options.MaxHz, 10) });
        _channels.Announce([.. feed.Loops.Select(l => l.Name)], _sink);
        SetGraph(feed.Loops.Select(l => (l.Name, l.StageNames)));
        if (playback is not null) playback.Changed += OnPlayback;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Protocols { get; } = [FoxgloveProtocol.Sdk, FoxgloveProtocol.Legacy];

    /// <summary>Gets how many clients there are.</summary>
    public int Clients => _doors.Sum(d => d.Server.ClientCount);

    /// <summary>Gets how many messages slow clients did not get. A client is also told of its own, as a status.</summary>
    public long Dropped => Interlocked.Read(ref _dropped) + _sessions.Sum(s => DroppedOf(s.Key));

    /// <summary>Gets how long a client may take for one message before it is cut off.</summary>
    internal TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public string? Choose(IList<string> requested) => FoxgloveProtocol.Choose(requested);

    /// <summary>Shows a view. One thread at a time, together with <see cref="Log"/>.</summary>
    public void Show(LiveView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        lock (_gate)
        {
            foreach (var door in _doors) door.Server.PublishTime(view.Time);
            if (!Same(view)) SetGraph(view.Loops.Select(l => (l.Loop, l.StageNames)));
            _channels.Encode(view, _sink);
            foreach (var loop in view.Loops) Judge(loop);
            TellParameters(force: false);
            TellEnd();
        }
    }

    /// <summary>Shows a sentence on the topic <c>/log</c>.</summary>
    public void Log(LogLine line)
    {
        lock (_gate) _channels.Log(line.Time, line.Level, line.Source, line.Text, _sink);
    }

    /// <summary>Shows a trouble until it is over, to clients of now and later.</summary>
    /// <param name="id">What it is about; a second report with the same id takes the first one's place.</param>
    /// <param name="level">How bad it is.</param>
    /// <param name="message">One sentence; null = it is over.</param>
    public void Report(string id, FoxgloveStatusLevel level, string? message)
    {
        ArgumentNullException.ThrowIfNull(id);
        lock (_gate) SetTrouble(id, level, message);
    }

    /// <inheritdoc/>
    public async Task RunAsync(WebSocket socket, string protocol, ClientRights rights, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(socket);
        var door = _doors.First(d => d.Rights == rights);
        if (!door.Server.TryConnect(protocol, out var session))
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.PolicyViolation, "There are too many clients already; close one.", CancellationToken.None);
            return;
        }
        _sessions[session] = true;
        using (session)
        {
            Greet(door);
            // To dispose of a session wakes its writer, which sends what is left and ends.
            using var end = cancellation.Register(session.Dispose);
            await WebSocketTalk.RunAsync(
                socket,
                WebSocketTalk.ReadAsync(socket, door.Server.Options.MaxMessageBytes, (type, message) => Take(session, type, message.Span)),
                WriteAsync(socket, session),
                session.Dispose,
                () => session.CloseReason is { } reason ? (WebSocketCloseStatus.PolicyViolation, reason)
                    : cancellation.IsCancellationRequested ? (WebSocketCloseStatus.EndpointUnavailable, "The program ends.")
                    : (WebSocketCloseStatus.NormalClosure, ""));
        }
        Interlocked.Add(ref _dropped, DroppedOf(session));
        _sessions.TryRemove(session, out _);
    }

    private static long DroppedOf(FoxgloveSession session) => session.DroppedData + session.DroppedImages;

    private static void Take(FoxgloveSession session, WebSocketMessageType type, ReadOnlySpan<byte> message)
    {
        if (type == WebSocketMessageType.Text) session.OnText(message);
        else session.OnBinary(message);
    }

    private async Task WriteAsync(WebSocket socket, FoxgloveSession session)
    {
        // A send that takes too long is cancelled, which aborts the socket: whoever does not read for so long gets no goodbye either.
        using var patience = new CancellationTokenSource();
        while (true)
        {
            while (session.TryDequeue(out var frame))
            {
                patience.CancelAfter(SendTimeout);
                await socket.SendAsync(frame.Data, frame.IsText ? WebSocketMessageType.Text : WebSocketMessageType.Binary, endOfMessage: true, patience.Token);
                if (!patience.TryReset()) return;
            }
            if (session.IsClosed || session.CloseReason is not null) return;
            await session.WaitAsync(CancellationToken.None);
        }
    }

    // What was told before this client came. The others of its door hear it again, which changes nothing for them.
    private void Greet(FoxgloveDoor door)
    {
        lock (_gate)
        {
            foreach (var (id, (level, message)) in _troubles) door.Server.PublishStatus(level, message, id);
            if (_playback is not null) door.Server.PublishPlayback(FoxgloveDoor.StateOf(_playback.State));
            if (_feed.Latest is { } view) door.Server.PublishTime(view.Time);
        }
    }

    private void OnPlayback(PlaybackChange change)
    {
        lock (_gate)
        {
            var state = FoxgloveDoor.StateOf(_playback!.State) with { DidSeek = change.Seek is not null, RequestId = change.RequestId };
            _ended = state.Status == FoxglovePlaybackStatus.Ended;
            foreach (var door in _doors) door.Server.PublishPlayback(state);
            TellParameters(force: true);
        }
    }

    private void TellEnd()
    {
        if (_playback is null || _playback.State is var state && state.Ended == _ended) return;
        _ended = state.Ended;
        foreach (var door in _doors) door.Server.PublishPlayback(FoxgloveDoor.StateOf(state));
    }

    private void TellParameters(bool force)
    {
        long now = _measure.Now();
        if (Clients == 0 || (!force && now < _nextParameters)) return;
        _nextParameters = now + ParameterIntervalNs;
        var changed = _parameters.TakeChanged();
        if (changed.Count == 0) return;
        foreach (var door in _doors) door.Server.PublishParameters(changed);
    }

    private void Judge(LoopView loop)
    {
        string id = $"edge.rung.{loop.Loop}";
        if (loop.Rung < Rung.Degraded)
        {
            if (_troubles.ContainsKey(id)) SetTrouble(id, FoxgloveStatusLevel.Info, null);
            return;
        }
        string next = loop.Rung == Rung.SafeStop ? "an operator must clear it" : "it climbs by itself once the conditions hold again";
        SetTrouble(
            id,
            loop.Rung == Rung.Degraded ? FoxgloveStatusLevel.Warning : FoxgloveStatusLevel.Error,
            $"Loop '{loop.Loop}' is at rung {(int)loop.Rung} ({loop.Rung}) because of {loop.RungReason}; {next}.");
    }

    private void SetTrouble(string id, FoxgloveStatusLevel level, string? message)
    {
        if (message is null)
        {
            if (!_troubles.Remove(id)) return;
            foreach (var door in _doors) door.Server.RemoveStatus(id);
            return;
        }
        if (_troubles.TryGetValue(id, out var before) && before == (level, message)) return;
        _troubles[id] = (level, message);
        foreach (var door in _doors) door.Server.PublishStatus(level, message, id);
    }

    private bool Same(LiveView view)
    {
        if (_shown.Count != view.Loops.Count) return false;
        for (int i = 0; i < _shown.Count; i++)
        {
            if (_shown[i] != view.Loops[i].Loop) return false;
        }
        return true;
    }

    private void SetGraph(IEnumerable<(string Loop, IReadOnlyList<string> Stages)> loops)
    {
        var list = loops.ToArray();
        _shown = [.. list.Select(l => l.Loop)];
        var graph = LoopGraph.Of(list, _services.Names);
        foreach (var door in _doors) door.Server.SetGraph(graph);
    }
}
