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

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

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
        // The token ends the queue and not the calls: a WebSocket whose call is cancelled is aborted, and then there is no goodbye.
        using var end = cancellation.Register(() => _frames.Writer.TryComplete());
        var writing = WriteAsync();
        var reading = ReadAsync();
        await Task.WhenAny(writing, reading);
        _frames.Writer.TryComplete();
        if (await EndsAsync(writing) && socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            var status = cancellation.IsCancellationRequested ? WebSocketCloseStatus.EndpointUnavailable : WebSocketCloseStatus.NormalClosure;
            await EndsAsync(socket.CloseOutputAsync(status, cancellation.IsCancellationRequested ? "The program ends." : "", CancellationToken.None));
        }
        if (await EndsAsync(reading)) return;
        socket.Abort();
        await EndsAsync(Task.WhenAll(writing, reading));
    }

    private async Task WriteAsync()
    {
        await SendAsync(LiveJson.Hello(options, LiveControl.MayStop(isLocal)), WebSocketMessageType.Text);
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

    private async Task ReadAsync()
    {
        byte[] piece = new byte[4096];
        var message = new ArrayBufferWriter<byte>();
        while (true)
        {
            var received = await socket.ReceiveAsync(piece.AsMemory(), CancellationToken.None);
            if (received.MessageType == WebSocketMessageType.Close) return;
            if (message.WrittenCount + received.Count > MaxMessageBytes)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.MessageTooBig, $"A message may have {MaxMessageBytes} bytes.", CancellationToken.None);
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

    private ValueTask SendAsync(byte[] bytes, WebSocketMessageType type) => socket.SendAsync(bytes.AsMemory(), type, endOfMessage: true, CancellationToken.None);

    // Waits a little for a task; false when it goes on, as a call does whose client no longer answers.
    private static async Task<bool> EndsAsync(Task task)
    {
        try
        {
            await task.WaitAsync(Patience);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException or InvalidOperationException)
        {
            return true; // a client that is gone, in one of the ways in which a connection can end
        }
    }

    private sealed record Watch(string? Loop, bool Images);
}
