using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Threading.Channels;

namespace EdgeAutonomy.Host;

/// <summary>One client of the live page: one task reads, one writes, and a short queue between the world and the writer drops the oldest frame.</summary>
internal sealed class LiveSession(WebSocket socket, LiveOptions options, LiveControl control, PlaybackControl? playback, bool isLocal, Action dropped)
{
    /// <summary>Frames that may wait for a slow client: one on its way, one newer.</summary>
    public const int QueueLength = 2;

    /// <summary>The largest message taken, in bytes.</summary>
    public const int MaxMessageBytes = 1 << 20;

    private const int MaxAnswers = 64;

    // A null frame only wakes the writer for an answer.
    private readonly Channel<LiveFrame?> _frames = Channel.CreateBounded<LiveFrame?>(
        new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
        frame =>
        {
            if (frame is not null) dropped();
        });

    private readonly ConcurrentQueue<byte[]> _answers = new();
    private volatile Watch _watch = new(null, false);

    /// <summary>Offers the newest frame. Never waits.</summary>
    public void Offer(LiveFrame frame) => _frames.Writer.TryWrite(frame);

    /// <summary>Serves the client until it leaves or the token ends it, and says goodbye.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var end = cancellation.Register(() => _frames.Writer.TryComplete());
        await WebSocketTalk.RunAsync(
            socket,
            WebSocketTalk.ReadAsync(socket, MaxMessageBytes, (type, message) => { if (type == WebSocketMessageType.Text) Take(message); }),
            WriteAsync(),
            () => _frames.Writer.TryComplete(),
            () => cancellation.IsCancellationRequested ? (WebSocketCloseStatus.EndpointUnavailable, "The program ends.") : (WebSocketCloseStatus.NormalClosure, ""));
    }

    private async Task WriteAsync()
    {
        await SendAsync(LiveJson.Hello(options, control.RightsOf(null, isLocal), playback?.State), WebSocketMessageType.Text);
        await foreach (var frame in _frames.Reader.ReadAllAsync())
        {
            while (_answers.TryDequeue(out byte[]? answer)) await SendAsync(answer, WebSocketMessageType.Text);
            if (frame is null) continue;
            var watch = _watch;
            int loop = frame.IndexOf(watch.Loop);
            await SendAsync(frame.Text(loop), WebSocketMessageType.Text);
            if (watch.Images && frame.Image(loop) is { } image) await SendAsync(image, WebSocketMessageType.Binary);
        }
    }

    private void Take(ReadOnlyMemory<byte> utf8)
    {
        if (LiveCommand.Read(utf8, out string error) is not { } command)
        {
            Answer(0, new ControlAnswer(false, error));
            return;
        }
        if (command.Playback is { } change) Answer(command.Id, control.Steer(change, control.RightsOf(command.Token, isLocal)));
        else if (command.Kind is { } kind) Answer(command.Id, control.Run(kind, command.Value, command.Loop, control.RightsOf(command.Token, isLocal)));
        else _watch = new Watch(command.Loop, command.Images);
    }

    private void Answer(long id, ControlAnswer answer)
    {
        // A client that sends faster than it reads loses its oldest answers, not our memory.
        while (_answers.Count >= MaxAnswers) _answers.TryDequeue(out _);
        _answers.Enqueue(LiveJson.Answer(id, answer));
        _frames.Writer.TryWrite(null);
    }

    private ValueTask SendAsync(byte[] bytes, WebSocketMessageType type) => socket.SendAsync(bytes.AsMemory(), type, endOfMessage: true, CancellationToken.None);

    private sealed record Watch(string? Loop, bool Images);
}
