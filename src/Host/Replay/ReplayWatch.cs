using EdgeAutonomy.Recording;

namespace EdgeAutonomy.Host;

/// <summary>Shows a replay as if it were live: gives recorded records to a consumer of live ones.</summary>
internal sealed class ReplayWatch
{
    private readonly Dictionary<string, RecordLane> _lanes;
    private readonly IRecordConsumer _consumer;

    /// <summary>Makes a watch.</summary>
    /// <param name="file">The recording.</param>
    /// <param name="consumer">Makes the consumer for the lanes of its loops.</param>
    public ReplayWatch(RecordingFile file, Func<IReadOnlyList<RecordLane>, IRecordConsumer> consumer)
    {
        RecordLane[] lanes = [.. file.Loops.Select(l => new RecordedLane(l))];
        _lanes = lanes.ToDictionary(l => l.Name);
        _consumer = consumer(lanes);
    }

    /// <summary>Takes a record that is run again.</summary>
    public void Cycle(string loop, ReadOnlySpan<byte> record) => _consumer.OnRecord(_lanes[loop], RecordKind.Cycle, record);

    /// <summary>Takes a recorded map.</summary>
    public void Map(ReadOnlySpan<byte> record) => _consumer.OnRecord(_lanes.Values.First(), RecordKind.Map, record);
}
