using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using static EdgeAutonomy.Agents.MosquittoConstants;

namespace EdgeAutonomy.Agents;

/// <summary>One client of libmosquitto, from its making to its end.</summary>
/// <remarks>
/// The library's thread runs from the successful dial to the loss; the disconnect callback itself tells it to end, or it would reconnect behind our back
/// with an old will. The handle is destroyed after that thread was joined, never earlier.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "CloseAsync lets go of the socket, and the callback of a lost connection before it.")]
internal sealed class MosquittoConnection : LinkConnection
{
    // Properties and header beside the payload: what is a little too large arrives and is counted, what is much too large the broker keeps.
    private const int PacketSlack = 4096;
    private static readonly TimeSpan EndLimit = TimeSpan.FromMilliseconds(500), JoinLimit = TimeSpan.FromSeconds(2);

    private readonly MosquittoLibrary _library;
    private readonly LinkOptions _options;
    private readonly LinkOutbox _outbox;
    private readonly LinkReceiver _receiver;
    private readonly LinkSubscriptions _subscriptions;
    private readonly TimeProvider _time;
    private readonly WillMessage? _will;
    private readonly TaskCompletionSource<LinkFailure?> _connack = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<LinkFailure?> _dial = Task.FromResult<LinkFailure?>(null);
    private GCHandle _self;
    private nint _client;
    private SocketHold? _socket;
    private bool _looping;
    private volatile bool _closing;
    private string _log = "";

    public MosquittoConnection(MosquittoLibrary library, LinkOptions options, WillMessage? will, LinkOutbox outbox, LinkReceiver receiver, LinkSubscriptions subscriptions, TimeProvider time) =>
        (_library, _options, _will, _outbox, _receiver, _subscriptions, _time) = (library, options, will, outbox, receiver, subscriptions, time);

    /// <inheritdoc/>
    public override async Task<LinkFailure?> ConnectAsync(TimeSpan limit, CancellationToken cancel)
    {
        // A thread of its own: the library's connect looks names up and connects without a limit that we could set.
        _dial = Task.Factory.StartNew(Dial, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            if (await _dial.WaitAsync(limit, _time, cancel).ConfigureAwait(false) is { } failure) return failure;
            return await _connack.Task.WaitAsync(limit, _time, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return new LinkFailure($"Broker {_options.Broker} does not answer within {limit.TotalSeconds:0} s; check the address, the network and whether the port is that of an MQTT broker{Encrypted}.");
        }
        catch (OperationCanceledException)
        {
            return new LinkFailure("The link was stopped.");
        }
    }

    /// <inheritdoc/>
    public override unsafe bool TrySubscribe(LinkFilter filter, in SubscribeOptions options, bool renewed, out int id)
    {
        // A shared subscription must not ask for No Local (MQTT 5, 3.8.3.1).
        int flags = (options.NoLocal && filter.Share is null ? NoLocal : 0) | (renewed ? RetainIfNew : 0);
        int number = 0;
        fixed (byte* text = filter.Utf8Z)
        {
            int code = _library.Subscribe(_client, &number, text, Math.Min(options.Qos, Limits.MaxQos), flags, 0);
            id = number;
            return code == Success;
        }
    }

    /// <inheritdoc/>
    public override unsafe void Unsubscribe(LinkFilter filter)
    {
        int id;
        fixed (byte* text = filter.Utf8Z) _ = _library.Unsubscribe(_client, &id, text, 0);
    }

    /// <inheritdoc/>
    public override unsafe SendOutcome Send(LinkTopic topic, ReadOnlySpan<byte> payload, in PublishOptions options, int qos, out int id)
    {
        nint properties = 0;
        if (options.ExpirySeconds > 0) _ = _library.AddInt32(&properties, MessageExpiry, (uint)options.ExpirySeconds);
        if (options.Correlation != 0)
        {
            ulong correlation = BitConverter.IsLittleEndian ? options.Correlation : BinaryPrimitives.ReverseEndianness(options.Correlation);
            _ = _library.AddBinary(&properties, CorrelationData, (byte*)&correlation, sizeof(ulong));
        }
        int number = 0, code;
        fixed (byte* to = topic.Utf8Z, what = payload)
        {
            code = _library.Publish(_client, &number, to, payload.Length, what, qos, options.Retain ? (byte)1 : (byte)0, properties);
        }
        if (properties != 0) _library.FreeProperties(&properties);
        id = number;
        // "No connection" means for quality 1 that the library has queued the message in a client that will never connect again: it is ours still.
        return code switch { Success => SendOutcome.Taken, NoConnection or ConnectionLost => SendOutcome.Gone, _ => SendOutcome.Impossible };
    }

    /// <inheritdoc/>
    public override async Task CloseAsync(bool graceful)
    {
        _closing = true;
        if (!_dial.IsCompleted)
        {
            // The dial still hangs in the system; whenever it comes back, it finds that nobody wants it.
            _ = _dial.ContinueWith(_ => Free(), TaskScheduler.Default);
            return;
        }
        if (_looping)
        {
            if (!graceful || !TryDisconnect()) _socket?.TryCut();
            try
            {
                await Lost.WaitAsync(EndLimit, _time).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // A stalled network holds the farewell back; the connection is cut under it, and the library's thread sees that.
                _socket?.TryCut();
            }
        }
        var end = Task.Factory.StartNew(Free, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await end.WaitAsync(JoinLimit, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Joined in the background; a callback that hangs must not hold the link up.
        }
    }

    public unsafe void HearConnected(int reason, int flags, nint properties)
    {
        // From here on the library would format a line of log for every packet.
        if (reason == 0) _library.OnLog(_client, null);
        SessionPresent = (flags & MosquittoConstants.SessionPresent) != 0;
        Limits = new LinkLimits(
            ReadInt16(ReceiveMaximum, 65_535), (int)Math.Min(ReadInt32(MaximumPacketSize, int.MaxValue), int.MaxValue), ReadByte(MaximumQos, 2), ReadByte(RetainAvailable, 1) != 0,
            ReadByte(WildcardAvailable, 1) != 0, ReadByte(SharedAvailable, 1) != 0, ReadInt16(ServerKeepAlive, _options.KeepAliveSeconds));
        _connack.TrySetResult(reason == 0 ? null : new LinkFailure($"Broker {_options.Broker} refuses the connection: {MqttReasons.DescribeRefusal(reason)}", MqttReasons.NeedsPerson(reason)));

        int ReadByte(int id, byte absent)
        {
            byte value = absent;
            return properties != 0 && _library.ReadByte(properties, id, &value, 0) != 0 ? value : absent;
        }

        int ReadInt16(int id, int absent)
        {
            ushort value = 0;
            return properties != 0 && _library.ReadInt16(properties, id, &value, 0) != 0 ? value : absent;
        }

        uint ReadInt32(int id, uint absent)
        {
            uint value = 0;
            return properties != 0 && _library.ReadInt32(properties, id, &value, 0) != 0 ? value : absent;
        }
    }

    public void HearDisconnected(int code)
    {
        // Ends the library's own thread instead of its reconnecting after a second.
        _ = TryDisconnect();
        _socket?.Dispose();
        var failure = MosquittoFaults.Lost(_library, _options, code, _log);
        _connack.TrySetResult(failure);
        Lose(failure);
    }

    public void HearPublished(int id, int reason) => _outbox.Settle(this, id, reason);

    public void HearSubscribed(int id, int reason) => _subscriptions.Answered(id, reason);

    public unsafe void HearMessage(MosquittoMessage* message, nint properties)
    {
        if (message is null || message->Topic is null || message->PayloadLength < 0 || (message->Payload is null && message->PayloadLength > 0))
        {
            _receiver.NoteMalformed();
            return;
        }
        _receiver.Receive(
            MemoryMarshal.CreateReadOnlySpanFromNullTerminated(message->Topic), new ReadOnlySpan<byte>(message->Payload, message->PayloadLength),
            message->Retain != 0, properties == 0 ? 0 : Correlation(properties));
    }

    // All of it up to a bound: the line that names the cause is seldom the last.
    public void HearLog(string text)
    {
        _log = _log.Length == 0 ? text : _log.Length < 600 ? $"{_log}; {text}" : _log;
        // A handshake that fails on the library's thread ends that thread without any callback (2.0.11): this line is all that is heard of it.
        if (!text.Contains("OpenSSL Error", StringComparison.Ordinal)) return;
        var failure = MosquittoFaults.Lost(_library, _options, MosquittoConstants.Tls, _log);
        _connack.TrySetResult(failure);
        Lose(failure);
    }

    /// <summary>An exception that a callback caught: the connection is given up, and its reason says why.</summary>
    public void HearFault(Exception e)
    {
        Lose(new LinkFailure($"Bug in EdgeAutonomy.Agents: a callback of libmosquitto threw {e.GetType().Name}: {e.Message}"));
        _socket?.TryCut();
    }

    private string Encrypted => _options.Tls is null ? " without encryption" : " with encryption";

    private unsafe LinkFailure? Dial()
    {
        _self = GCHandle.Alloc(this);
        fixed (byte* id = MosquittoText.Z(_options.ClientId)) _client = _library.New(id, _options.CleanStart ? (byte)1 : (byte)0, GCHandle.ToIntPtr(_self));
        if (_client == 0) return new LinkFailure("libmosquitto made no client: out of memory, or the ClientId is not acceptable.", NeedsPerson: true);
        _library.OnLog(_client, &MosquittoCallbacks.Logged);
        _library.OnConnect(_client, &MosquittoCallbacks.Connected);
        _library.OnDisconnect(_client, &MosquittoCallbacks.Disconnected);
        _library.OnPublish(_client, &MosquittoCallbacks.Published);
        _library.OnSubscribe(_client, &MosquittoCallbacks.Subscribed);
        _library.OnMessage(_client, &MosquittoCallbacks.Received);
        _ = _library.IntOption(_client, OptionProtocol, 5);
        // Without it quality 1 waits for the delayed acknowledgements of TCP: 40 ms a message.
        _ = _library.IntOption(_client, OptionNoDelay, 1);
        _ = _library.IntOption(_client, OptionSendMaximum, _options.Window);
        if (MosquittoSecurity.Apply(_library, _client, _options) is { } unsafeOptions) return unsafeOptions;
        if (SetWill() is { } unwelcome) return unwelcome;

        nint properties = 0;
        if (_options.SessionExpirySeconds > 0) _ = _library.AddInt32(&properties, SessionExpiry, (uint)_options.SessionExpirySeconds);
        _ = _library.AddInt32(&properties, MaximumPacketSize, (uint)(_options.MaxPayloadBytes + PacketSlack));
        int port = _options.Broker.IsDefaultPort || _options.Broker.Port <= 0 ? (_options.Tls is null ? 1883 : 8883) : _options.Broker.Port, code;
        fixed (byte* host = MosquittoText.Z(_options.Broker.DnsSafeHost)) code = _library.Connect(_client, host, port, _options.KeepAliveSeconds, null, properties);
        int error = Marshal.GetLastSystemError();
        _library.FreeProperties(&properties);
        if (code != Success) return MosquittoFaults.Unreached(_library, _options, code, error, _log);
        if (_closing) return new LinkFailure("The link was stopped.");
        _socket = new SocketHold(_library.Socket(_client));
        code = _library.LoopStart(_client);
        _looping = code == Success;
        return _looping ? null : new LinkFailure($"libmosquitto started no thread: {_library.Describe(code)}.", NeedsPerson: true);
    }

    private unsafe LinkFailure? SetWill()
    {
        if (_will is null) return null;
        nint properties = 0;
        if (_will.DelaySeconds > 0) _ = _library.AddInt32(&properties, WillDelay, (uint)_will.DelaySeconds);
        int code;
        fixed (byte* topic = _will.Topic.Utf8Z, payload = _will.Payload) code = _library.WillSet(_client, topic, _will.Payload.Length, payload, 1, 1, properties);
        // The library owns the properties only if it took the will.
        if (code != Success && properties != 0) _library.FreeProperties(&properties);
        return code == Success ? null : new LinkFailure($"The will for '{_will.Topic}' of {_will.Payload.Length} bytes is not acceptable to libmosquitto: {_library.Describe(code)}.", NeedsPerson: true);
    }

    private unsafe ulong Correlation(nint properties)
    {
        byte* value = null;
        ushort length = 0;
        if (_library.ReadBinary(properties, CorrelationData, &value, &length, 0) == 0 || value is null) return 0;
        ulong correlation = length == sizeof(ulong) ? BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(value, sizeof(ulong))) : 0;
        NativeMemory.Free(value); // the library allocated it with malloc
        return correlation;
    }

    private unsafe bool TryDisconnect() => _library.Disconnect(_client, 0, 0) == Success;

    private unsafe void Free()
    {
        if (_client != 0)
        {
            if (_looping)
            {
                _ = TryDisconnect();
                _ = _library.LoopStop(_client, 0);
            }
            _socket?.Dispose();
            _library.Destroy(_client);
            _client = 0;
        }
        if (_self.IsAllocated) _self.Free();
    }
}
