namespace EdgeAutonomy.Recording;

/// <summary>What was found wrong with one file; the same thing once, however often it is read.</summary>
internal sealed class DefectList(string file, bool strict)
{
    private readonly List<McapDefect> _all = [];
    private readonly HashSet<(McapDefectKind, long, ulong)> _known = [];

    public IReadOnlyList<McapDefect> All => _all;

    /// <summary>Gets whether a chunk was left out, so that schemas and channels may be missing.</summary>
    public bool HasGaps { get; private set; }

    public void Add(McapDefectKind kind, long offset, ulong stated, ulong found, string sentence)
    {
        if (strict) throw new McapException(file, offset, sentence);
        if (kind is McapDefectKind.ChunkCrc or McapDefectKind.ChunkDamaged) HasGaps = true;
        if (_known.Add((kind, offset, kind == McapDefectKind.MessagesSkipped ? found : 0))) _all.Add(new McapDefect(kind, offset, stated, found, sentence));
    }
}
