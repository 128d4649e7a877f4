using System.Globalization;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>What must be known of a loop to read its records: names, periods, payload shapes. Stands in the metadata of its channels.</summary>
/// <param name="Name">The loop's name.</param>
/// <param name="StageNames">Sense, each perceiver, decide, act.</param>
/// <param name="ShortestPeriod">The first period of its grid.</param>
/// <param name="PeriodCount">How many periods its grid has, each twice the one before.</param>
/// <param name="Sample">Shape of the sample (<see cref="PayloadShape"/>).</param>
/// <param name="Percept">Shape of the percept.</param>
/// <param name="Action">Shape of the action.</param>
/// <param name="Clock">The clock it waits on.</param>
public sealed record LoopDescription(
    string Name, IReadOnlyList<string> StageNames, Duration ShortestPeriod, int PeriodCount, string Sample, string Percept, string Action, RecordedClock Clock)
{
    private const char Separator = '|'; // no stage may have it in its name; names are checked where loops are made

    /// <summary>Gets the periods that the loop may run at.</summary>
    public PeriodGrid Grid => new(ShortestPeriod, PeriodCount);

    /// <summary>Returns the description as channel metadata.</summary>
    public IReadOnlyDictionary<string, string> ToMetadata() => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["edge.loop"] = Name,
        ["edge.stages"] = string.Join(Separator, StageNames),
        ["edge.period.ns"] = ShortestPeriod.Nanoseconds.ToString(CultureInfo.InvariantCulture),
        ["edge.period.count"] = PeriodCount.ToString(CultureInfo.InvariantCulture),
        ["edge.sample"] = Sample,
        ["edge.percept"] = Percept,
        ["edge.action"] = Action,
        ["edge.clock"] = Clock.ToString(),
        ["edge.version"] = CycleRecord.Version.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Reads a description from channel metadata.</summary>
    /// <exception cref="InvalidDataException">A key is missing or makes no sense; the message names it.</exception>
    public static LoopDescription FromMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        string[] stages = Text("edge.stages").Split(Separator);
        if (stages.Length is < 4 or > 64) throw Bad("edge.stages", $"names {stages.Length} stages; a loop has 4 to 64");
        long period = Number("edge.period.ns", 1, 3_600_000_000_000);
        return new LoopDescription(
            Text("edge.loop"), stages, new Duration(period), (int)Number("edge.period.count", 1, 16), Text("edge.sample"), Text("edge.percept"), Text("edge.action"),
            Enum.TryParse<RecordedClock>(Text("edge.clock"), out var clock) ? clock : throw Bad("edge.clock", "is none that is known"));

        string Text(string key) => metadata.TryGetValue(key, out string? text) && text.Length > 0 ? text : throw Bad(key, "is missing");

        long Number(string key, long low, long high) =>
            long.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value >= low && value <= high
                ? value
                : throw Bad(key, $"is '{metadata[key]}'; must be from {low} to {high}");
    }

    private static InvalidDataException Bad(string key, string what) => new($"Channel metadata: {key} {what}; the recording is damaged or of another version.");
}
