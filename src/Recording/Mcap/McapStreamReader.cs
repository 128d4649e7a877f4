namespace EdgeAutonomy.Recording;

/// <summary>Reads an MCAP file once, from front to back, in the order of the file: from a pipe, a socket, or a file that is still cut or written.</summary>
/// <remarks>
/// Needs no seeking and no summary; the same rules as <see cref="McapReader"/> for what is wrong. <see cref="Channels"/>, <see cref="Metadata"/> and the like
/// grow while reading. One thread.
/// </remarks>
public sealed class McapStreamReader : IDisposable
{
    private readonly ByteSource _source;
    private readonly DefectList _defects;
    private readonly ChunkDecoder _decoder;
    private readonly Catalog _catalog;
    private readonly DataWalk _walk;
    private readonly List<McapMetadata> _metadata = [];
    private readonly List<McapAttachment> _attachments = [];
    private RecordSteps _steps;
    private bool _inChunk, _ended;

    /// <summary>Starts to read: checks the magic and takes the header.</summary>
    /// <param name="stream">Readable; read from where it stands.</param>
    /// <param name="options">Null takes the defaults.</param>
    /// <param name="name">The file's name in errors.</param>
    /// <param name="leaveOpen">Whether the stream stays open after <see cref="Dispose"/>.</param>
    /// <exception cref="McapException">Not an MCAP file.</exception>
    public McapStreamReader(Stream stream, McapReaderOptions? options = null, string name = "stream", bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        options ??= new McapReaderOptions();
        options.Check();
        _source = ByteSource.Forward(stream, name, leaveOpen);
        _defects = new DefectList(name, options.Strict);
        _decoder = new ChunkDecoder(options, _defects);
        _catalog = new Catalog(_defects);
        _walk = new DataWalk(_source, options, _catalog, _decoder, _defects);
    }

    /// <summary>Gets the file's header; empty where the file is cut within it.</summary>
    public McapHeader Header => _walk.Header;

    /// <summary>Gets the schemas so far.</summary>
    public IReadOnlyCollection<McapSchema> Schemas => _catalog.Schemas;

    /// <summary>Gets the channels so far.</summary>
    public IReadOnlyCollection<McapChannel> Channels => _catalog.Channels;

    /// <summary>Gets the metadata records so far.</summary>
    public IReadOnlyList<McapMetadata> Metadata => _metadata;

    /// <summary>Gets the attachments so far; their data is skipped.</summary>
    public IReadOnlyList<McapAttachment> Attachments => _attachments;

    /// <summary>Gets what was found wrong so far.</summary>
    public IReadOnlyList<McapDefect> Defects => _defects.All;

    /// <summary>Gets the messages read so far.</summary>
    public long Messages { get; private set; }

    /// <summary>Gets how much was read of a file that ended before its footer, as a sentence; null before the end and for whole files.</summary>
    public string? Truncation { get; private set; }

    /// <summary>Gets whether the file ended before its footer; false before the end.</summary>
    public bool Truncated => Truncation is not null;

    /// <summary>Gets the message that <see cref="MoveNext"/> went to; its data is valid until the next move.</summary>
    public McapMessage Current { get; private set; }

    /// <summary>Goes to the next message; false at the end.</summary>
    /// <exception cref="McapException">A record breaks a rule that cannot be lived with, or the stream failed.</exception>
    public bool MoveNext()
    {
        while (!_ended)
        {
            if (_inChunk)
            {
                if (MoveNextInChunk()) return true;
                _inChunk = false;
            }
            if (!_walk.MoveNext())
            {
                End();
                break;
            }
            switch (_walk.Current)
            {
                case DataWalk.Unit.Message:
                    if (Take(_walk.Bytes, _walk.Place)) return true;
                    break;
                case DataWalk.Unit.Chunk:
                    _inChunk = true;
                    _steps = new RecordSteps();
                    if (_walk.IsPartial) _defects.Add(McapDefectKind.PartialChunk, _walk.Offset, (ulong)_walk.Chunk.Stored, (ulong)_walk.Bytes.Length, $"chunk at offset {_walk.Offset}: cut; whole messages in the {_walk.Bytes.Length} bytes that are left are given unchecked.");
                    break;
                case DataWalk.Unit.Attachment:
                    _attachments.Add(_walk.Attachment!);
                    break;
                case DataWalk.Unit.Metadata:
                    _metadata.Add(_walk.Metadata!);
                    break;
            }
        }
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _decoder.Dispose();
        _source.Dispose();
    }

    private bool MoveNextInChunk()
    {
        try
        {
            while (_steps.MoveNext(_walk.Bytes.Span, _source.Name, _walk.Offset))
            {
                var content = _walk.Bytes.Slice(_steps.Content, _steps.Length);
                var place = new RecordPlace(_source.Name, _steps.Opcode, _steps.Offset, _walk.Offset);
                if (_steps.Opcode is McapOpcode.Schema or McapOpcode.Channel) _catalog.Add(_steps.Opcode, content.Span, place);
                else if (_steps.Opcode == McapOpcode.Message && Take(content, place)) return true;
            }
        }
        catch (McapException) when (_walk.IsPartial)
        {
            // Where a cut chunk stops to make sense is where it is cut.
        }
        return false;
    }

    private bool Take(ReadOnlyMemory<byte> content, in RecordPlace place)
    {
        var head = MessageHead.Of(content.Span, place);
        if (_catalog.Of(head, place) is not { } channel) return false;
        Current = new McapMessage(channel, head.Sequence, head.LogTime, head.PublishTime, content[McapLayout.MessageHead..], _inChunk && _walk.IsChecked);
        Messages++;
        return true;
    }

    private void End()
    {
        _ended = true;
        if (_walk.Complete && _walk.FindFooter()) return;
        Truncation = $"{_walk.Stop ?? "no footer"}; recovered {Messages} messages up to offset {_walk.GoodEnd}; the recording is truncated.";
        _defects.Add(McapDefectKind.Truncated, _walk.GoodEnd, 0, 0, Truncation);
    }
}
