using System.Globalization;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>A recording opened for replay, comparison or pictures.</summary>
/// <remarks>Not thread-safe. A file that was cut opens up to its last whole chunk and says so in <see cref="Notes"/>.</remarks>
public sealed class RecordingFile : IDisposable
{
    private readonly McapReader _reader;

    private RecordingFile(string path, McapReader reader)
    {
        Path = path;
        _reader = reader;
        var info = reader.Metadata.FirstOrDefault(m => m.Name == RunInfo.MetadataName)
            ?? throw new McapException(path, 0, $"it has no '{RunInfo.MetadataName}' record, so it is no recording of edge; use a file that `edge … --record` wrote.");
        Info = info.Values;
        string format = Value("format");
        if (format != RunInfo.FormatVersion) throw new McapException(path, info.Offset, $"its format is version '{format}', this program reads version {RunInfo.FormatVersion}; replay it with {Value("program")}.");
        Configuration = Attachment(RunInfo.ConfigurationName) ?? throw new McapException(path, 0, $"it has no attachment '{RunInfo.ConfigurationName}', so nothing is known of its loops; the recording is damaged.");
        Scenario = Attachment(RunInfo.ScenarioName);
        Loops = [.. reader.Channels.Where(c => c.Metadata.ContainsKey("edge.loop") && c.Topic.EndsWith("/cycle", StringComparison.Ordinal)).OrderBy(c => c.Id).Select(c => Describe(path, c))];
        if (Loops.Count == 0) throw new McapException(path, 0, "it has no channel of cycle records; there is nothing to replay.");
        if (Loops.GroupBy(l => l.Name).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new McapException(path, 0, $"two channels hold the cycles of loop '{twice.Key}'; the recording is damaged.");
        IsComplete = reader.Metadata.Any(m => m.Name == RunInfo.EndMetadataName);
    }

    /// <summary>Gets the file.</summary>
    public string Path { get; }

    /// <summary>Gets the pairs that describe the run.</summary>
    public IReadOnlyDictionary<string, string> Info { get; }

    /// <summary>Gets the effective configuration as JSON.</summary>
    public byte[] Configuration { get; }

    /// <summary>Gets the scenario as JSON; null when nothing was simulated.</summary>
    public byte[]? Scenario { get; }

    /// <summary>Gets the loops.</summary>
    public IReadOnlyList<LoopDescription> Loops { get; }

    /// <summary>Gets whether the recorder ended the file itself.</summary>
    public bool IsComplete { get; }

    /// <summary>Gets what is not as it should be: a cut end, damaged chunks.</summary>
    public IReadOnlyList<string> Notes => [.. _reader.Defects.Select(d => $"{Path}: {d.Sentence.TrimEnd('.')}.")];

    /// <summary>Gets whether a part in the middle is damaged, so that cycles are missing.</summary>
    public bool IsDamaged => _reader.Defects.Any(d => d.Kind is not McapDefectKind.Truncated);

    /// <summary>Gets the logical time of the first message.</summary>
    public Stamp Start => new((long)(_reader.Statistics?.StartNs ?? 0));

    /// <summary>Gets the logical time of the last message.</summary>
    public Stamp End => new((long)(_reader.Statistics?.EndNs ?? 0));

    /// <summary>Opens a recording.</summary>
    /// <exception cref="McapException">The file is no recording, or of another version.</exception>
    public static RecordingFile Open(string path)
    {
        // The last chunk of a file that was cut has no checksum: replay wants to be sure of what it replays.
        var reader = McapReader.Open(path, new McapReaderOptions { RecoverPartialChunk = false });
        try
        {
            return new RecordingFile(path, reader);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Reads records in the order of their logical times.</summary>
    /// <param name="loops">The loops whose cycles, keyframes and gaps are wanted.</param>
    /// <param name="from">The first logical time.</param>
    /// <param name="world">Whether maps are wanted too.</param>
    public McapMessages Read(IEnumerable<string> loops, Stamp from = default, bool world = false)
    {
        var topics = loops.SelectMany(l => new[] { RecordedTopic.Cycle(l), RecordedTopic.Keyframe(l), RecordedTopic.Gap(l) });
        return _reader.ReadMessages(world ? topics.Append(RecordedTopic.World) : topics, (ulong)Math.Max(0, from.Nanoseconds));
    }

    /// <summary>Lists the keyframes of a loop.</summary>
    /// <exception cref="InvalidDataException">A keyframe is damaged or of another version.</exception>
    public IReadOnlyList<(ulong NextCycle, Stamp Tag)> Keyframes(string loop)
    {
        var list = new List<(ulong, Stamp)>();
        using var messages = _reader.ReadMessages([RecordedTopic.Keyframe(loop)]);
        while (messages.MoveNext())
        {
            var keyframe = Keyframe.Parse(messages.Current.Data.Span);
            list.Add((keyframe.NextCycle, keyframe.Tag));
        }
        return list;
    }

    /// <summary>Counts the cycle records of a loop without reading them, where the file has statistics.</summary>
    /// <returns>Null when the file was cut.</returns>
    public long? CycleCount(string loop)
    {
        var channel = _reader.Channels.FirstOrDefault(c => c.Topic == RecordedTopic.Cycle(loop));
        return channel is not null && _reader.Statistics is { } statistics && statistics.ChannelMessages.TryGetValue(channel.Id, out ulong count) ? (long)count : null;
    }

    /// <summary>Returns what a message is.</summary>
    public static RecordKind Kind(in McapMessage message) =>
        message.Channel.Topic.EndsWith("/cycle", StringComparison.Ordinal) ? RecordKind.Cycle
        : message.Channel.Topic.EndsWith("/keyframe", StringComparison.Ordinal) ? RecordKind.Keyframe
        : message.Channel.Topic == RecordedTopic.World ? RecordKind.Map : RecordKind.Gap;

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private static LoopDescription Describe(string path, McapChannel channel)
    {
        try
        {
            return LoopDescription.FromMetadata(channel.Metadata);
        }
        catch (InvalidDataException error)
        {
            throw new McapException(path, 0, string.Create(CultureInfo.InvariantCulture, $"channel {channel.Id} ('{channel.Topic}'): {error.Message}"), error);
        }
    }

    private byte[]? Attachment(string name) => _reader.Attachments.FirstOrDefault(a => a.Name == name) is { } attachment ? _reader.ReadAttachment(attachment) : null;

    private string Value(string key) => Info.TryGetValue(key, out string? value) ? value : "";
}
