using System.Globalization;

namespace EdgeAutonomy.Recording;

/// <summary>One open file with its channels.</summary>
internal sealed class RecordingChannels
{
    public const string Encoding = "x-edgeautonomy";

    private readonly Dictionary<RecordLane, LaneChannels> _channels = [];

    public RecordingChannels(McapWriter writer, RunInfo info, IReadOnlyList<RecordLane> lanes, DateTimeOffset start)
    {
        Writer = writer;
        var pairs = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["format"] = RunInfo.FormatVersion,
            ["verb"] = info.Verb,
            ["robot"] = info.Robot,
            ["seed"] = info.Seed.ToString(CultureInfo.InvariantCulture),
            ["configuration"] = info.ConfigurationHash,
            ["start"] = start.UtcDateTime.ToString("o", CultureInfo.InvariantCulture),
        };
        foreach (var (key, value) in info.Details) pairs[key] = value;
        writer.AddMetadata(RunInfo.MetadataName, pairs);
        writer.AddAttachment(RunInfo.ConfigurationName, "application/json", 0, 0, info.Configuration);
        if (info.Scenario is { } scenario) writer.AddAttachment(RunInfo.ScenarioName, "application/json", 0, 0, scenario);
        foreach (var lane in lanes) _channels[lane] = new LaneChannels(writer, lane);
        writer.FlushChunk();
    }

    public McapWriter Writer { get; }

    public void Write(RecordLane lane, RecordKind kind, ReadOnlySpan<byte> record)
    {
        var channels = _channels[lane];
        switch (kind)
        {
            case RecordKind.Cycle:
                long tag = CycleRecord.Parse(record).Tag.Nanoseconds;
                Writer.Write(channels.Cycle, channels.Sequence++, tag, tag, record);
                break;
            case RecordKind.Keyframe:
                long at = Keyframe.Parse(record).Tag.Nanoseconds;
                Writer.Write(channels.Keyframe, channels.Keyframes++, at, at, record);
                break;
            case RecordKind.Gap:
                long end = RecordGap.Read(record).Tag;
                Writer.Write(channels.Gap, 0, end, end, record);
                break;
            case RecordKind.Map:
                long time = BitConverter.ToInt64(record);
                Writer.Write(channels.Cycle, channels.Sequence++, time, time, record);
                break;
            case RecordKind.Json:
                long then = JsonLane.Read(record, out var json).Nanoseconds;
                Writer.Write(channels.Cycle, channels.Sequence++, then, then, json);
                break;
        }
    }

    public void Finish(RecordingTotals totals, string reason)
    {
        try
        {
            Writer.AddMetadata(RunInfo.EndMetadataName, new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["reason"] = reason,
                ["messages"] = Writer.Messages.ToString(CultureInfo.InvariantCulture),
                ["dropped"] = totals.Dropped.ToString(CultureInfo.InvariantCulture),
                ["gaps"] = totals.Gaps.ToString(CultureInfo.InvariantCulture),
            });
        }
        finally
        {
            Writer.Close();
        }
    }

    private sealed class LaneChannels
    {
        public LaneChannels(McapWriter writer, RecordLane lane)
        {
            if (lane is JsonLane)
            {
                Cycle = writer.AddChannel($"/{lane.Name}", "json");
                return;
            }
            if (lane.Loop is not { } loop)
            {
                Cycle = writer.AddChannel($"/{lane.Name}", Encoding, 0, new Dictionary<string, string> { ["edge.type"] = "Map", ["edge.version"] = "1" });
                return;
            }
            Cycle = writer.AddChannel(RecordedTopic.Cycle(loop.Name), Encoding, 0, loop.ToMetadata());
            Keyframe = writer.AddChannel(RecordedTopic.Keyframe(loop.Name), Encoding, 0, loop.ToMetadata());
            Gap = writer.AddChannel(RecordedTopic.Gap(loop.Name), Encoding, 0, loop.ToMetadata());
        }

        public ushort Cycle { get; }

        public ushort Keyframe { get; }

        public ushort Gap { get; }

        public uint Sequence { get; set; }

        public uint Keyframes { get; set; }
    }
}
