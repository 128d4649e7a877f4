using System.Buffers;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Sensors;

/// <summary>Writes events into a recording.</summary>
/// <remarks>One thread at a time. Holds one buffer that grows to the largest single call. Dispose to complete the file.</remarks>
public sealed class EventFileWriter : IDisposable
{
    private const int EventsPerWrite = 16 * 1024;
    private readonly FileStream _file;
    private readonly IEventEncoder _encoder;
    private readonly ArrayBufferWriter<byte> _buffer = new(256 * 1024);

    internal EventFileWriter(string path, EventFormat format, int width, int height)
    {
        _encoder = EventFormats.CreateEncoder(format, width, height);
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        if (format != EventFormat.Nmnist) _file.Write(RawHeader.Write(format, width, height));
    }

    /// <summary>Gets how many events were written.</summary>
    public long EventCount { get; private set; }

    /// <summary>Appends events.</summary>
    /// <exception cref="ArgumentException">The format cannot carry an event; the message says why.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(ReadOnlySpan<Event> events)
    {
        while (!events.IsEmpty)
        {
            var some = events[..Math.Min(events.Length, EventsPerWrite)];
            _encoder.Encode(some, _buffer);
            _file.Write(_buffer.WrittenSpan);
            _buffer.ResetWrittenCount();
            EventCount += some.Length;
            events = events[some.Length..];
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();
}
