namespace EdgeAutonomy.Recording;

/// <summary>Goes through the data section from front to back, whatever state the file is in, and stops where it stops to make sense.</summary>
/// <remarks>Takes schemas and channels outside chunks into the catalog; the caller takes those inside.</remarks>
internal sealed class DataWalk
{
    private readonly ByteSource _source;
    private readonly McapReaderOptions _options;
    private readonly Catalog _catalog;
    private readonly ChunkDecoder? _decoder;
    private readonly DefectList _defects;
    private readonly RecordScanner _scanner;
    private byte[] _decompressed = [];
    private bool _ended;

    /// <summary>Checks the magic and reads the header.</summary>
    /// <param name="source">The file.</param>
    /// <param name="options">Limits.</param>
    /// <param name="catalog">Takes schemas and channels.</param>
    /// <param name="decoder">Null steps over chunks without reading them.</param>
    /// <param name="defects">Takes what is wrong.</param>
    public DataWalk(ByteSource source, McapReaderOptions options, Catalog catalog, ChunkDecoder? decoder, DefectList defects)
    {
        _source = source;
        _options = options;
        _catalog = catalog;
        _decoder = decoder;
        _defects = defects;
        CheckMagic(source);
        _scanner = new RecordScanner(source, McapLayout.Magic.Length, options.MaxRecordBytes);
        Header = ReadHeader();
    }

    public enum Unit
    {
        End, Message, Chunk, Attachment, Metadata,
    }

    /// <summary>Empty where the file is cut before its end.</summary>
    public McapHeader Header { get; }

    public Unit Current { get; private set; }

    /// <summary>Where the current unit's record starts.</summary>
    public long Offset => _scanner.Offset;

    public long Length => _scanner.End - _scanner.Offset;

    public RecordPlace Place => _scanner.Place;

    /// <summary>Of a message its content, of a chunk its records.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private set; }

    public ChunkHead Chunk { get; private set; }

    /// <summary>Whether a chunk's CRC was there and fits.</summary>
    public bool IsChecked { get; private set; }

    /// <summary>Whether the chunk is the cut last one, of which <see cref="Bytes"/> are what is left.</summary>
    public bool IsPartial { get; private set; }

    public McapAttachment? Attachment { get; private set; }

    public McapMetadata? Metadata { get; private set; }

    /// <summary>Whether the end of the data section was reached.</summary>
    public bool Complete { get; private set; }

    /// <summary>What stopped the walk before the end; null where the bytes just end between two records.</summary>
    public string? Stop { get; private set; }

    /// <summary>Where the last whole record ends.</summary>
    public long GoodEnd { get; private set; }

    public static void CheckMagic(ByteSource source)
    {
        Span<byte> start = stackalloc byte[8];
        int count = source.Read(0, start);
        int same = start[..count].CommonPrefixLength(McapLayout.Magic);
        if (same == 8) return;
        throw new McapException(source.Name, same, same < count
            ? $"not an MCAP file: byte {same} is 0x{start[same]:X2}, expected 0x{McapLayout.Magic[same]:X2} (MCAP §Magic)."
            : $"not an MCAP file: it has {count} bytes, and the first 8 must be the magic (MCAP §Magic).");
    }

    /// <summary>Goes to the next unit; false at the end of the data section, or of what makes sense.</summary>
    public bool MoveNext()
    {
        if (_ended) return false;
        if (IsPartial) return Finish(Stop);
        while (Step())
        {
            switch (_scanner.Opcode)
            {
                case McapOpcode.Invalid:
                    return Finish($"byte {Offset} is opcode 0, which is invalid");
                case McapOpcode.DataEnd:
                    Complete = true;
                    return Finish(null);
                case McapOpcode.Footer:
                    return Finish($"a Footer stands at offset {Offset} without a DataEnd before it");
                case McapOpcode.Schema or McapOpcode.Channel:
                    if (!TryContent(out var content)) return false;
                    _catalog.Add(_scanner.Opcode, content.Span, _scanner.Place);
                    break;
                case McapOpcode.Message:
                    if (!TryContent(out content)) return false;
                    Bytes = content;
                    return Give(Unit.Message);
                case McapOpcode.Chunk when _decoder is not null:
                    if (TakeChunk(out bool given)) return given;
                    break;
                case McapOpcode.Attachment:
                    // Only the fields before the data: it may be larger than memory.
                    content = _scanner.Start(RecordScanner.WindowBytes);
                    if ((ulong)content.Length < Math.Min(_scanner.Length, RecordScanner.WindowBytes)) return Finish(CutText());
                    Attachment = RecordParser.Attachment(content.Span, _scanner.Place, Length, out _);
                    return Give(Unit.Attachment);
                case McapOpcode.Metadata:
                    if (!TryContent(out content)) return false;
                    Metadata = RecordParser.Metadata(content.Span, _scanner.Place);
                    return Give(Unit.Metadata);
            }
        }
        return false;
    }

    /// <summary>After the end of the data section: goes on to the footer; true if it is there with the magic behind it.</summary>
    public bool FindFooter()
    {
        while (_scanner.MoveNext() && !_scanner.IsCut && _scanner.Opcode != McapOpcode.Invalid)
        {
            if (_scanner.Opcode == McapOpcode.Footer) return _scanner.Length == McapLayout.Footer && _scanner.After(8).Span.SequenceEqual(McapLayout.Magic);
        }
        return false;
    }

    private McapHeader ReadHeader()
    {
        var empty = new McapHeader("", "");
        GoodEnd = McapLayout.Magic.Length;
        if (!_scanner.MoveNext()) return empty;
        if (_scanner.Opcode != McapOpcode.Header) throw _scanner.Place.Error("the first record must be the Header (MCAP §Header).");
        if (_scanner.IsCut || _scanner.Content() is var content && (ulong)content.Length < _scanner.Length)
        {
            Finish(CutText());
            return empty;
        }
        GoodEnd = _scanner.End;
        return RecordParser.Header(content.Span, _scanner.Place);
    }

    // To the next record that is all there; a cut chunk may still be of use.
    private bool Step()
    {
        bool any = _scanner.MoveNext();
        // What came before is whole.
        GoodEnd = Offset;
        if (!any) return Finish(_scanner.Left == 0 ? null : $"{_scanner.Left} bytes are left at offset {Offset}, a record has {McapLayout.Prefix} at least");
        if (_scanner.Opcode != McapOpcode.Invalid && _scanner.IsCut)
        {
            if (_scanner.Opcode == McapOpcode.Chunk && _decoder is not null) return true;
            return Finish(CutText());
        }
        return true;
    }

    private bool TryContent(out ReadOnlyMemory<byte> content)
    {
        content = _scanner.Content();
        return (ulong)content.Length == _scanner.Length || Finish(CutText());
    }

    // True when this ends the step; then given says with what.
    private bool TakeChunk(out bool given)
    {
        var content = _scanner.IsCut ? PartOfContent() : _scanner.Content();
        if ((ulong)content.Length < _scanner.Length)
        {
            string cut = CutText();
            given = TakePartialChunk(content);
            if (!given) Finish(cut);
            else Stop = cut;
            return true;
        }
        var records = _decoder!.Decode(content, _scanner.Place, ref _decompressed, out var head, out bool isChecked);
        given = records is not null;
        if (records is null) return false;
        Chunk = head;
        Bytes = records.Value;
        IsChecked = isChecked;
        return Give(Unit.Chunk);
    }

    private ReadOnlyMemory<byte> PartOfContent() =>
        // What is left may be larger than any chunk if the length is damaged; then there is nothing to recover.
        _source.Length - Offset > _options.MaxRecordBytes ? default : _scanner.Content();

    private bool TakePartialChunk(ReadOnlyMemory<byte> content)
    {
        if (!_options.RecoverPartialChunk || content.Length < McapLayout.ChunkHead) return false;
        try
        {
            Chunk = RecordParser.Chunk(content.Span, _scanner.Place);
        }
        catch (McapException)
        {
            return false; // cut within its head
        }
        // The head must make sense, since no CRC vouches for anything here.
        if (Chunk.Compression.Length > 0 || Chunk.Stored != Chunk.Uncompressed || (ulong)Chunk.Stored + (ulong)Chunk.HeadLength > _scanner.Length) return false;
        Bytes = content[Chunk.HeadLength..];
        if (Bytes.Length > Chunk.Stored) Bytes = Bytes[..(int)Chunk.Stored];
        IsChecked = false;
        IsPartial = true;
        return Give(Unit.Chunk);
    }

    private string CutText() => _source.Length is { } length
        ? $"the {_scanner.Place.Text} has a length of {_scanner.Length}, {length - Offset - McapLayout.Prefix} bytes are left"
        : $"the {_scanner.Place.Text} has a length of {_scanner.Length}, and the stream ends before";

    private bool Give(Unit unit)
    {
        Current = unit;
        return true;
    }

    private bool Finish(string? reason)
    {
        Stop = reason;
        Current = Unit.End;
        _ended = true;
        return false;
    }
}
