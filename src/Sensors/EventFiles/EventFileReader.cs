using EdgeAutonomy.Runtime.Messages;
using Microsoft.Win32.SafeHandles;

namespace EdgeAutonomy.Sensors;

/// <summary>Streams the events of a recording through one fixed buffer, so a file of any length needs the same memory.</summary>
/// <remarks>Allocates nothing after construction. One thread at a time. A file that grows while it is read is read as far as it goes.</remarks>
public sealed class EventFileReader : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly byte[] _buffer;
    private readonly bool _clamp;
    private int _start, _end;
    private long _position, _lastUs = long.MinValue;
    private bool _fileRead;

    internal EventFileReader(EventFileInfo info, EventFileOptions options)
    {
        if (options.BufferBytes is < 16 or > 1 << 26)
            throw new ArgumentOutOfRangeException(nameof(options), options.BufferBytes, "BufferBytes must be in [16, 67108864].");
        Info = info;
        _clamp = options.MonotonicClamp;
        Decoder = EventFormats.CreateDecoder(info.Format, new DecoderOptions(info.Width, info.Height)
        {
            TimeOrigin = options.TimeOrigin,
            NmnistOverflowRecords = options.NmnistOverflowRecords,
        });
        _buffer = new byte[options.BufferBytes];
        _position = info.HeaderBytes;
        _handle = File.OpenHandle(info.Path, options: FileOptions.SequentialScan);
    }

    /// <summary>Gets what the recording is.</summary>
    public EventFileInfo Info { get; }

    /// <summary>Gets the decoder, for its counters, wraps and triggers.</summary>
    public IEventDecoder Decoder { get; }

    /// <summary>Gets whether every event was handed out.</summary>
    public bool EndOfStream { get; private set; }

    /// <summary>Gets how many bytes of the file were read so far, header included.</summary>
    public long BytesRead => _position;

    /// <summary>Reads events.</summary>
    /// <param name="output">Takes the events, in the order of the file.</param>
    /// <returns>How many were written; 0 only at the end of the recording (or for an empty <paramref name="output"/>).</returns>
    /// <exception cref="IOException">The file cannot be read any more.</exception>
    public int Read(Span<Event> output)
    {
        int written = 0;
        while (written < output.Length)
        {
            if (_start == _end && !_fileRead) Fill();
            written += Decoder.Decode(_buffer.AsSpan(_start, _end - _start), output[written..], out int consumed);
            _start += consumed;
            if (_start == _end && _fileRead && written < output.Length)
            {
                if (!EndOfStream) Decoder.Flush();
                EndOfStream = true;
                break;
            }
        }
        if (_clamp) Clamp(output[..written]);
        return written;
    }

    /// <summary>Takes external triggers met so far, oldest first.</summary>
    public int ReadTriggers(Span<ExternalTrigger> output) => Decoder.ReadTriggers(output);

    /// <summary>Goes back to the first event.</summary>
    public void Rewind()
    {
        Decoder.Reset();
        _start = _end = 0;
        _position = Info.HeaderBytes;
        _lastUs = long.MinValue;
        _fileRead = EndOfStream = false;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _handle.Dispose();

    private void Fill()
    {
        _start = 0;
        _end = RandomAccess.Read(_handle, _buffer, _position);
        _position += _end;
        _fileRead = _end == 0;
    }

    private void Clamp(Span<Event> events)
    {
        for (int i = 0; i < events.Length; i++)
        {
            ref var e = ref events[i];
            if (e.TimeUs < _lastUs) e = new Event(_lastUs, e.X, e.Y, e.Polarity);
            else _lastUs = e.TimeUs;
        }
    }
}
