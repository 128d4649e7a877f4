using System.Buffers.Binary;

namespace EdgeAutonomy.Recording;

/// <summary>Writes an MCAP file (version 0): schemas, channels, messages in chunks with CRCs, attachments, metadata, summary.</summary>
/// <remarks>
/// One thread at a time. A message costs one copy and no allocation once the buffers have grown to the traffic. Whole chunks go out in one write each, so
/// a crash loses the open chunk at most; see <see cref="FlushChunk"/> and <see cref="Sync"/>.
/// The first failure to write comes out of the call that met it as <see cref="McapWriteException"/>, later calls repeat it, and <see cref="Close"/> then
/// cuts the torn record off, ends the file if it can, and stays quiet. Wrong arguments throw <see cref="ArgumentException"/> and change nothing.
/// Bytes: https://mcap.dev/spec.
/// </remarks>
public sealed class McapWriter : IDisposable
{
    /// <summary>The most bytes that a message or an attachment may have.</summary>
    public const int MaxDataBytes = 1 << 30;

    private readonly McapWriterOptions _options;
    private readonly McapOutput _output;
    private readonly McapSummary _summary;
    private readonly RecordBuffer _scratch = new(256);
    private readonly OpenChunk _chunk;
    private ChannelWriteState[] _channels = new ChannelWriteState[64];
    private int _schemaCount, _channelCount;
    private bool _closed;

    /// <summary>Starts a file on a stream, from where the stream stands.</summary>
    /// <param name="stream">Writable. If it can seek, a torn end can be repaired.</param>
    /// <param name="options">Null takes the defaults.</param>
    /// <param name="name">The file's name in errors.</param>
    /// <param name="leaveOpen">Whether the stream stays open after <see cref="Close"/>.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the stream cannot write.</exception>
    /// <exception cref="McapWriteException">The header could not be written.</exception>
    public McapWriter(Stream stream, McapWriterOptions? options = null, string name = "stream", bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanWrite) throw new ArgumentException($"{name}: the stream cannot be written.", nameof(stream));
        _options = options ?? new McapWriterOptions();
        _options.Check();
        _output = new McapOutput(stream, name, leaveOpen, _options.DataSectionCrc);
        _summary = new McapSummary(_options.Parts);
        _chunk = new OpenChunk(_options);
        Compression = _chunk.Compresses ? _options.Compression : McapCompression.None;

        _scratch.Raw(McapLayout.Magic);
        int record = _scratch.Begin(McapOpcode.Header);
        _scratch.Text(_options.Profile);
        _scratch.Text(_options.Library);
        _scratch.End(record);
        _output.Write(_scratch.Bytes);
    }

    /// <summary>Gets how chunks are stored: as asked for, or none where the library is absent.</summary>
    public McapCompression Compression { get; }

    /// <summary>Gets whether compression was asked for and is not done, because <see cref="MissingLibrary"/> is absent.</summary>
    public bool CompressionMissing => MissingLibrary is not null;

    /// <summary>Gets the library that the asked compression needs and this machine lacks; null if nothing lacks.</summary>
    public string? MissingLibrary =>
        Compression == _options.Compression || !_options.Parts.Has(McapParts.Chunks) ? null : ChunkCodec.LibraryOf(ChunkCodec.NameOf(_options.Compression));

    /// <summary>Gets the bytes in the file so far, without the open chunk.</summary>
    public long Position => _output.Position;

    /// <summary>Gets the bytes of records that wait in the open chunk.</summary>
    public int PendingBytes => _chunk.Length;

    /// <summary>Gets the messages accepted so far: those in the file, in the open chunk, and lost to a failure.</summary>
    public long Messages => (long)(_summary.Messages + _chunk.Messages) + LostMessages;

    /// <summary>Gets the accepted messages that are not in the file because writing their chunk failed.</summary>
    public long LostMessages { get; private set; }

    /// <summary>Gets the chunks in the file.</summary>
    public int Chunks => (int)_summary.ChunkCount;

    /// <summary>Gets the first failure to write, or null.</summary>
    public McapWriteException? Failure => _output.Failure;

    /// <summary>Gets whether the file was ended with its summary and footer.</summary>
    public bool Complete { get; private set; }

    /// <summary>Creates a file, or replaces one.</summary>
    /// <param name="path">Under this name from the start: a cut file is readable, and the footer alone tells that it is complete.</param>
    /// <param name="options">Null takes the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="McapWriteException">The file could not be created or its header not written.</exception>
    public static McapWriter Create(string path, McapWriterOptions? options = null)
    {
        FileStream file;
        try
        {
            // No buffer of the stream's own: chunks are larger than it would be. Others may read while we write.
            file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new McapWriteException(path, 0, e);
        }
        try
        {
            return new McapWriter(file, options, path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Adds a schema; at any time before the channels that use it.</summary>
    /// <param name="name">Name of the message type, such as "foxglove.RawImage".</param>
    /// <param name="encoding">Such as "protobuf" or "jsonschema"; empty only with empty data.</param>
    /// <param name="data">The schema itself; at most <see cref="MaxDataBytes"/>.</param>
    /// <returns>Its id, from 1 on. The same schema twice gets two ids.</returns>
    public ushort AddSchema(string name, string encoding, ReadOnlySpan<byte> data)
    {
        ThrowIfUnusable();
        if (_schemaCount == ushort.MaxValue) throw new InvalidOperationException($"{_output.Name}: schema '{name}' is one too many; a file holds {ushort.MaxValue}.");
        if (encoding.Length == 0 && data.Length > 0) throw new ArgumentException($"Schema '{name}' has {data.Length} bytes but no encoding; name the encoding or leave the data empty (MCAP §Schema).");
        CheckLength(data.Length, name);
        _scratch.Clear();
        int record = _scratch.Begin(McapOpcode.Schema);
        _scratch.U16((ushort)(_schemaCount + 1));
        _scratch.Text(name);
        _scratch.Text(encoding);
        _scratch.Bytes32(data);
        _scratch.End(record);
        Room(_scratch.Length);
        _chunk.Add(_scratch.Bytes);
        _summary.AddSchema(_scratch.Bytes);
        return (ushort)++_schemaCount;
    }

    /// <summary>Adds a channel; at any time.</summary>
    /// <param name="topic">Such as "/avoid/cycle".</param>
    /// <param name="encoding">Encoding of the messages, such as "protobuf" or "json".</param>
    /// <param name="schemaId">From <see cref="AddSchema"/>; 0 = none.</param>
    /// <param name="metadata">Pairs, written in this order; no key twice.</param>
    /// <returns>Its id, from 1 on.</returns>
    public ushort AddChannel(string topic, string encoding, ushort schemaId = 0, IEnumerable<KeyValuePair<string, string>>? metadata = null)
    {
        ThrowIfUnusable();
        if (_channelCount == ushort.MaxValue) throw new InvalidOperationException($"{_output.Name}: channel '{topic}' is one too many; a file holds {ushort.MaxValue}.");
        if (schemaId > _schemaCount) throw new ArgumentOutOfRangeException(nameof(schemaId), $"Channel '{topic}' has schema {schemaId}; this file has schemas 1 to {_schemaCount}, and 0 for none.");
        _scratch.Clear();
        int record = _scratch.Begin(McapOpcode.Channel);
        _scratch.U16((ushort)(_channelCount + 1));
        _scratch.U16(schemaId);
        _scratch.Text(topic);
        _scratch.Text(encoding);
        _scratch.Map(Distinct(metadata, topic));
        _scratch.End(record);
        Room(_scratch.Length);
        _chunk.Add(_scratch.Bytes);
        _summary.AddChannel(_scratch.Bytes);
        _channelCount++;
        if (_channelCount == _channels.Length) Array.Resize(ref _channels, 2 * _channels.Length);
        _channels[_channelCount] = new ChannelWriteState((ushort)_channelCount);
        _chunk.ExpectChannels(_channelCount);
        return (ushort)_channelCount;
    }

    /// <summary>Writes a message.</summary>
    /// <param name="channel">From <see cref="AddChannel"/>.</param>
    /// <param name="sequence">A counter of the channel's own, or 0.</param>
    /// <param name="logTimeNs">When it was recorded, in ns, not negative.</param>
    /// <param name="publishTimeNs">When it was published, in ns, not negative; the log time where that is unknown.</param>
    /// <param name="data">Its bytes, at most <see cref="MaxDataBytes"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">Unknown channel, negative time, or too long.</exception>
    /// <exception cref="McapWriteException">The chunk before it could not be written.</exception>
    public void Write(ushort channel, uint sequence, long logTimeNs, long publishTimeNs, ReadOnlySpan<byte> data) =>
        Write(channel, sequence, logTimeNs, publishTimeNs, data, []);

    /// <summary>Writes a message whose bytes lie in two places.</summary>
    /// <param name="channel">From <see cref="AddChannel"/>.</param>
    /// <param name="sequence">A counter of the channel's own, or 0.</param>
    /// <param name="logTimeNs">When it was recorded, in ns, not negative.</param>
    /// <param name="publishTimeNs">When it was published, in ns, not negative; the log time where that is unknown.</param>
    /// <param name="head">Its first bytes.</param>
    /// <param name="body">Its other bytes; both together at most <see cref="MaxDataBytes"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">Unknown channel, negative time, or too long.</exception>
    /// <exception cref="McapWriteException">The chunk before it could not be written.</exception>
    public void Write(ushort channel, uint sequence, long logTimeNs, long publishTimeNs, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        ThrowIfUnusable();
        if ((uint)(channel - 1) >= (uint)_channelCount) ThrowChannel(channel);
        if ((logTimeNs | publishTimeNs) < 0) ThrowTime(channel, logTimeNs, publishTimeNs);
        long length = (long)head.Length + body.Length;
        CheckLength(length, "message");
        Room(McapLayout.Prefix + McapLayout.MessageHead + length);
        _chunk.AddMessage(_channels[channel], sequence, (ulong)logTimeNs, (ulong)publishTimeNs, head, body);
    }

    /// <summary>Writes the open chunk to the file, whatever its size; without one it does nothing.</summary>
    /// <exception cref="McapWriteException">It could not be written; its messages are lost and counted.</exception>
    public void FlushChunk()
    {
        ThrowIfUnusable();
        if (_chunk.Length > 0) WriteChunk();
    }

    /// <summary>Makes the chunks written so far survive a power cut: waits until the disk has them. The open chunk is not part of it.</summary>
    /// <exception cref="McapWriteException">The system reported an error.</exception>
    public void Sync()
    {
        ThrowIfUnusable();
        _output.Sync();
    }

    /// <summary>Writes a file into the file.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="mediaType">Such as "application/json".</param>
    /// <param name="logTimeNs">When it was recorded, in ns, not negative.</param>
    /// <param name="createTimeNs">When it was made, in ns, not negative; 0 = unknown.</param>
    /// <param name="data">Its bytes, at most <see cref="MaxDataBytes"/>.</param>
    public void AddAttachment(string name, string mediaType, long logTimeNs, long createTimeNs, ReadOnlySpan<byte> data)
    {
        ThrowIfUnusable();
        ArgumentOutOfRangeException.ThrowIfNegative(logTimeNs);
        ArgumentOutOfRangeException.ThrowIfNegative(createTimeNs);
        CheckLength(data.Length, name);
        _scratch.Clear();
        int content = _scratch.Begin(McapOpcode.Attachment);
        _scratch.U64((ulong)logTimeNs);
        _scratch.U64((ulong)createTimeNs);
        _scratch.Text(name);
        _scratch.Text(mediaType);
        _scratch.U64((ulong)data.Length);
        long length = _scratch.Length + (long)data.Length + 4;
        BinaryPrimitives.WriteUInt64LittleEndian(_scratch.Bytes[(content - 8)..], (ulong)(length - McapLayout.Prefix));
        Span<byte> crc = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(crc, Crc32.Append(Crc32.Of(_scratch.Bytes[content..]), data));
        FlushLoose();
        long offset = _output.Position;
        _output.Write(_scratch.Bytes, data, crc);
        _summary.AddAttachment(offset, length, (ulong)logTimeNs, (ulong)createTimeNs, data.Length, name, mediaType);
    }

    /// <summary>Writes a named set of pairs into the file, such as the parameters of a run.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="metadata">Pairs, written in this order; no key twice.</param>
    public void AddMetadata(string name, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        ThrowIfUnusable();
        _scratch.Clear();
        int record = _scratch.Begin(McapOpcode.Metadata);
        _scratch.Text(name);
        _scratch.Map(Distinct(metadata, name));
        _scratch.End(record);
        FlushLoose();
        long offset = _output.Position;
        _output.Write(_scratch.Bytes);
        _summary.AddMetadata(offset, _scratch.Length, name);
    }

    /// <summary>Ends the file: open chunk, summary, footer, and everything on the disk. Twice does no harm.</summary>
    /// <exception cref="McapWriteException">That failed, and no earlier call has reported a failure; after one it does what it can and throws nothing.</exception>
    public void Close()
    {
        if (_closed) return;
        bool reported = _output.Failure is not null;
        try
        {
            if (!reported && _chunk.Length > 0) WriteChunk();
        }
        catch (McapWriteException)
        {
            // Told at the end, below: the file may still be ended without that chunk.
        }
        _closed = true;
        try
        {
            if (_output.Failure is null || _output.RollBack())
            {
                WriteEnd();
                Complete = true;
            }
        }
        catch (McapWriteException)
        {
            // The disk is still full. What is in the file can be read by scanning.
        }
        try
        {
            _output.Close();
        }
        catch (McapWriteException)
        {
            Complete = false;
        }
        _chunk.Dispose();
        if (!reported && _output.Failure is { } failure) throw failure;
    }

    /// <summary>Does what <see cref="Close"/> does, including its exception.</summary>
    public void Dispose() => Close();

    private void WriteEnd()
    {
        _scratch.Clear();
        int record = _scratch.Begin(McapOpcode.DataEnd);
        _scratch.U32(_output.Crc);
        _scratch.End(record);
        var channels = new ArraySegment<ChannelWriteState>(_channels, 1, _channelCount);
        _output.Write(_scratch.Bytes, _summary.Finish(_output.Position + _scratch.Length, channels), []);
        _output.Sync();
    }

    // A chunk never exceeds its size unless one record alone does.
    private void Room(long bytes)
    {
        if (_chunk.Length > 0 && _chunk.Length + bytes > _options.ChunkBytes) WriteChunk();
    }

    private void WriteChunk()
    {
        long messages = (long)_chunk.Messages;
        try
        {
            _chunk.WriteTo(_output, _summary);
        }
        catch (McapWriteException)
        {
            LostMessages += messages;
            throw;
        }
    }

    // Without chunks, the buffered messages were there first.
    private void FlushLoose()
    {
        if (!_options.Parts.Has(McapParts.Chunks) && _chunk.Length > 0) WriteChunk();
    }

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (_output.Failure is { } failure) throw failure;
    }

    private static KeyValuePair<string, string>[] Distinct(IEnumerable<KeyValuePair<string, string>>? pairs, string owner)
    {
        if (pairs is null) return [];
        var list = pairs.ToArray();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, _) in list)
        {
            if (!keys.Add(key)) throw new ArgumentException($"The metadata of '{owner}' has the key '{key}' twice; keys are unique.");
        }
        return list;
    }

    private static void CheckLength(long length, string what)
    {
        if (length > MaxDataBytes) throw new ArgumentOutOfRangeException(nameof(length), $"'{what}' has {length} bytes; at most {MaxDataBytes}.");
    }

    private void ThrowChannel(ushort channel) =>
        throw new ArgumentOutOfRangeException(nameof(channel), $"{_output.Name}: channel {channel} is unknown; this file has channels 1 to {_channelCount}.");

    private void ThrowTime(ushort channel, long logTimeNs, long publishTimeNs) =>
        throw new ArgumentOutOfRangeException(nameof(logTimeNs), $"{_output.Name}: a message of channel {channel} has log time {logTimeNs} ns and publish time {publishTimeNs} ns; MCAP times are not negative.");
}
