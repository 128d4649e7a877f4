using System.Buffers;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Threading.Channels;

namespace EdgeAutonomy.Host;

/// <summary>One client of the live page: one task reads, one writes, and a short queue between the world and the writer drops the oldest frame.</summary>
internal sealed class LiveSession(WebSocket socket, LiveOptions options, LiveControl control, bool isLocal, Action dropped)
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

    /// <summary>Serves the client until it leaves or the token ends it.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var writing = WriteAsync(ended.Token);
        var reading = ReadAsync(ended.Token);
        await Task.WhenAny(writing, reading);
        await ended.CancelAsync();
        await Task.WhenAll(Quietly(writing), Quietly(reading));
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        await SendAsync(LiveJson.Hello(options, LiveControl.MayStop(isLocal)), WebSocketMessageType.Text, cancellation);
        await foreach (var frame in _frames.Reader.ReadAllAsync(cancellation))
        {
            while (_answers.TryDequeue(out byte[]? answer)) await SendAsync(answer, WebSocketMessageType.Text, cancellation);
            if (frame is null) continue;
            var watch = _watch;
            int loop = frame.IndexOf(watch.Loop);
            await SendAsync(frame.Text(loop), WebSocketMessageType.Text, cancellation);
            if (watch.Images && frame.Image(loop) is { } image) await SendAsync(image, WebSocketMessageType.Binary, cancellation);
        }
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        byte[] piece = new byte[4096];
        var message = new ArrayBufferWriter<byte>();
        while (true)
        {
            var received = await socket.ReceiveAsync(piece.AsMemory(), cancellation);
            if (received.MessageType == WebSocketMessageType.Close) return;
            if (message.WrittenCount + received.Count > MaxMessageBytes)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.MessageTooBig, $"A message may have {MaxMessageBytes} bytes.", cancellation);
                return;
            }
            message.Write(piece.AsSpan(0, received.Count));
            if (!received.EndOfMessage) continue;
            if (received.MessageType == WebSocketMessageType.Text) Take(message.WrittenMemory);
            message.ResetWrittenCount();
        }
    }

    private void Take(ReadOnlyMemory<byte> utf8)
    {
        if (LiveCommand.Read(utf8, out string error) is not { } command)
        {
            Answer(0, new ControlAnswer(false, error));
            return;
        }
        if (command.Kind is { } kind) Answer(command.Id, control.Run(kind, command.Value, command.Loop, command.Token, isLocal));
        else _watch = new Watch(command.Loop, command.Images);
    }

    private void Answer(long id, ControlAnswer answer)
    {
        // A client that sends faster than it reads loses its oldest answers, not our memory.
        while (_answers.Count >= MaxAnswers) _answers.TryDequeue(out _);
        _answers.Enqueue(LiveJson.Answer(id, answer));
        _frames.Writer.TryWrite(null);
    }

    private ValueTask SendAsync(byte[] bytes, WebSocketMessageType type, CancellationToken cancellation) =>
        socket.SendAsync(bytes.AsMemory(), type, endOfMessage: true, cancellation);

    private static async Task Quietly(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException or InvalidOperationException or ObjectDisposedException)
        {
            // A client that is gone, in one of the ways in which a connection can end.
        }
    }

    private sealed record Watch(string? Loop, bool Images);
}
