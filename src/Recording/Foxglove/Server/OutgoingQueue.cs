using System.Buffers.Binary;
using System.Globalization;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>What waits to be sent to one client: control messages, then small messages, then images, each in a queue of its own.</summary>
/// <remarks>
/// Control messages are never dropped; a client that does not read them is closed. Data is dropped oldest first, with a status at most once per second.
/// Images wait while anything small does, but get a turn after every <see cref="TurnsPerImage"/> small messages, so that neither starves the other.
/// Any thread may add; one thread takes.
/// </remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim without a wait handle holds nothing; disposing it would race with a waiter.")]
internal sealed class OutgoingQueue(FoxgloveServerOptions options, IMeasure measure)
{
    public const string DropStatus = "edgeautonomy.drops";

    private const int TurnsPerImage = 16;
    private const long StatusInterval = 1_000_000_000;

    private readonly Lock _gate = new();
    private readonly Queue<(byte[] Data, bool IsText)> _control = new();
    private readonly MessageQueue _data = new(options.DataQueue), _images = new(options.ImageQueue);
    private readonly SemaphoreSlim _ready = new(0, 1);
    private readonly byte[] _timeFrame = new byte[9];
    private byte[] _send = new byte[4096];

    // Only the newest news about drops matters; it waits here, so that a client that does not read cannot pile it up.
    private byte[]? _dropNews;
    private long _controlBytes, _dropsTold, _lastDrop, _lastStatus;
    private int _turns;
    private bool _signalled, _dropping, _hasTime, _closed;
    private ulong _time;

    public long DroppedData
    {
        get { lock (_gate) return _data.Dropped; }
    }

    public long DroppedImages
    {
        get { lock (_gate) return _images.Dropped; }
    }

    /// <summary>Adds a control message; false = the client lets too many wait and should be closed.</summary>
    public bool AddControl(byte[] data, bool isText)
    {
        lock (_gate)
        {
            if (_closed) return true;
            if (_controlBytes + data.Length > options.MaxControlBytes) return false;
            _control.Enqueue((data, isText));
            _controlBytes += data.Length;
            Signal();
            return true;
        }
    }

    /// <summary>Adds a data message and takes over one reference to its payload.</summary>
    public void AddData(uint subscription, ulong time, SharedPayload payload, bool isImage)
    {
        lock (_gate)
        {
            if (_closed)
            {
                payload.Release();
                return;
            }
            if (!(isImage ? _images : _data).Add(subscription, time, payload)) TellDrops();
            Signal();
        }
    }

    /// <summary>Sets the time to be sent; only the newest matters.</summary>
    public void SetTime(ulong time)
    {
        lock (_gate)
        {
            (_time, _hasTime) = (time, true);
            Signal();
        }
    }

    public void Forget(uint subscription)
    {
        lock (_gate)
        {
            _data.Remove(subscription);
            _images.Remove(subscription);
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _data.Clear();
            _images.Clear();
            _hasTime = false;
            Signal();
        }
    }

    public bool TryDequeue(out FoxgloveFrame frame)
    {
        lock (_gate)
        {
            CheckRecovery();
            if (_dropNews is { } news)
            {
                _dropNews = null;
                frame = new FoxgloveFrame(news, true);
                return true;
            }
            if (_control.TryDequeue(out var control))
            {
                _controlBytes -= control.Data.Length;
                frame = new FoxgloveFrame(control.Data, control.IsText);
                return true;
            }
            if (_hasTime)
            {
                _hasTime = false;
                _timeFrame[0] = FoxgloveProtocol.Time;
                BinaryPrimitives.WriteUInt64LittleEndian(_timeFrame.AsSpan(1), _time);
                frame = new FoxgloveFrame(_timeFrame, false);
                return true;
            }
            if (_data.Count + _images.Count == 0)
            {
                frame = default;
                return false;
            }
            bool image = _images.Count > 0 && (_data.Count == 0 || _turns >= TurnsPerImage);
            _turns = image ? 0 : _turns + 1;
            frame = Take(image ? _images : _data);
            return true;
        }
    }

    public async ValueTask WaitAsync(CancellationToken cancellation)
    {
        await _ready.WaitAsync(cancellation).ConfigureAwait(false);
        lock (_gate) _signalled = false;
    }

    private FoxgloveFrame Take(MessageQueue queue)
    {
        var payload = queue.Take(out uint subscription, out ulong time);
        int length = FoxgloveProtocol.MessageHead + payload.Data.Length;
        if (_send.Length < length) _send = new byte[length + length / 2];
        _send[0] = FoxgloveProtocol.MessageData;
        BinaryPrimitives.WriteUInt32LittleEndian(_send.AsSpan(1), subscription);
        BinaryPrimitives.WriteUInt64LittleEndian(_send.AsSpan(5), time);
        payload.Data.CopyTo(_send.AsSpan(FoxgloveProtocol.MessageHead));
        payload.Release();
        return new FoxgloveFrame(_send.AsMemory(0, length), false);
    }

    private void TellDrops()
    {
        long now = measure.Now();
        _lastDrop = now;
        if (_dropping && now - _lastStatus < StatusInterval) return;
        _lastStatus = now;
        _dropping = true;
        long dropped = _data.Dropped + _images.Dropped;
        string text = string.Create(CultureInfo.InvariantCulture,
            $"{dropped - _dropsTold} messages dropped for this client ({_images.Dropped} images and {_data.Dropped} others since it connected): the connection is slower than the data; hide an image or subscribe to fewer topics.");
        _dropsTold = dropped;
        _dropNews = ServerJson.Status(FoxgloveStatusLevel.Warning, text, DropStatus);
        Signal();
    }

    private void CheckRecovery()
    {
        if (!_dropping || measure.Now() - _lastDrop < StatusInterval) return;
        _dropping = false;
        _dropNews = ServerJson.RemoveStatus(DropStatus);
    }

    private void Signal()
    {
        if (_signalled) return;
        _signalled = true;
        _ready.Release();
    }
}
