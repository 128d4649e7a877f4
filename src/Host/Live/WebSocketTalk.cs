using System.Buffers;
using System.Net.WebSockets;

namespace EdgeAutonomy.Host;

/// <summary>The life of a WebSocket with one task that reads and one that writes, and its end: with a goodbye if the client still listens.</summary>
/// <remarks>No call is ever cancelled to end a connection in good order: a WebSocket whose call is cancelled is aborted, and then there is no goodbye.</remarks>
internal static class WebSocketTalk
{
    // The longest reason that fits into a close frame (RFC 6455, section 5.5).
    private const int MaxReasonBytes = 123;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until one of the tasks ends, ends the other, and says goodbye.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="reading">Reads from it until the client leaves.</param>
    /// <param name="writing">Writes to it.</param>
    /// <param name="stopWriting">Lets the writing task end by itself.</param>
    /// <param name="goodbye">The reason for the close frame.</param>
    public static async Task RunAsync(WebSocket socket, Task reading, Task writing, Action stopWriting, Func<(WebSocketCloseStatus Status, string Reason)> goodbye)
    {
        await Task.WhenAny(writing, reading);
        stopWriting();
        if (await EndsAsync(writing) && socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            var (status, reason) = goodbye();
            await EndsAsync(socket.CloseOutputAsync(status, Short(reason), CancellationToken.None));
        }
        if (await EndsAsync(reading)) return;
        socket.Abort();
        await EndsAsync(Task.WhenAll(writing, reading));
    }

    /// <summary>Reads whole messages until the client closes.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="maxBytes">The longest message; a longer one ends the connection.</param>
    /// <param name="take">Takes a message; it is valid during the call only.</param>
    public static async Task ReadAsync(WebSocket socket, int maxBytes, Action<WebSocketMessageType, ReadOnlyMemory<byte>> take)
    {
        byte[] piece = new byte[4096];
        var message = new ArrayBufferWriter<byte>();
        while (true)
        {
            var received = await socket.ReceiveAsync(piece.AsMemory(), CancellationToken.None);
            if (received.MessageType == WebSocketMessageType.Close) return;
            if (message.WrittenCount + received.Count > maxBytes)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.MessageTooBig, $"A message may have {maxBytes} bytes.", CancellationToken.None);
                return;
            }
            message.Write(piece.AsSpan(0, received.Count));
            if (!received.EndOfMessage) continue;
            take(received.MessageType, message.WrittenMemory);
            message.ResetWrittenCount();
        }
    }

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

    // Our sentences are ASCII, except for a name that a client or a file brought in: three bytes a character at most.
    private static string Short(string reason) =>
        System.Text.Encoding.UTF8.GetByteCount(reason) <= MaxReasonBytes ? reason : reason[..Math.Min(reason.Length, MaxReasonBytes / 3)];
}
