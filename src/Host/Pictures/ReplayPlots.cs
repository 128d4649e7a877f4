using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Draws what a recording holds: latencies, stages, periods, paths, events.</summary>
internal static class ReplayPlots
{
    // As long as `edge events view` shows: 50 ms around the time that was asked for.
    private static readonly Duration EventWindow = Duration.FromMilliseconds(50);

    /// <summary>Reads every cycle once and writes the pictures into a folder, which is made where it is missing.</summary>
    /// <param name="file">The recording.</param>
    /// <param name="folder">Where the pictures go; those of the same name are replaced.</param>
    /// <param name="atSeconds">Logical time of the event pictures; null = the middle of each loop's recorded time.</param>
    /// <returns>The files: per loop NAME-latency.svg, NAME-stages.svg, NAME-period.svg and, where it had a camera, NAME-events.png; then map.svg where places are known.</returns>
    /// <exception cref="InvalidDataException">A record is damaged.</exception>
    /// <exception cref="IOException">A picture cannot be written.</exception>
    public static IReadOnlyList<string> Write(RecordingFile file, string folder, double? atSeconds)
    {
        Directory.CreateDirectory(folder);
        var loops = new Dictionary<string, LoopTrace>(StringComparer.Ordinal);
        foreach (var loop in file.Loops) loops.TryAdd(loop.Name, new LoopTrace(loop));
        var map = new MapTrace();
        Read(file, loops, map);

        var written = new List<string>();
        var names = new PictureNames();
        foreach (var loop in file.Loops.DistinctBy(l => l.Name))
        {
            var trace = loops[loop.Name];
            if (trace.EndToEnd.Count == 0) continue;
            string name = names.Of(loop.Name);
            Save($"{name}-latency.svg", HistogramPlot.Draw($"{loop.Name}: latency of a cycle", trace.EndToEnd));
            Save($"{name}-stages.svg", StagePlot.Draw($"{loop.Name}: where the time goes", trace.Stages));
            Save($"{name}-period.svg", PeriodPlot.Draw($"{loop.Name}: period", trace.Periods));
            var at = atSeconds is { } s ? Stamp.FromSeconds(s) : trace.Periods.Start + new Duration((trace.Periods.End - trace.Periods.Start).Nanoseconds / 2);
            if (RecordedEvents.Draw(file, loop, at, EventWindow) is { } picture)
            {
                string path = Path.Combine(folder, $"{name}-events.png");
                using (var png = File.Create(path)) png.Write(picture.Span);
                written.Add(path);
            }
        }
        if (map.Draw(loops.Values) is { } drawn) Save("map.svg", drawn);
        return written;

        void Save(string name, string svg)
        {
            string path = Path.Combine(folder, name);
            File.WriteAllText(path, svg);
            written.Add(path);
        }
    }

    private static void Read(RecordingFile file, Dictionary<string, LoopTrace> loops, MapTrace map)
    {
        using var messages = file.Read(loops.Keys, default, world: true);
        while (messages.MoveNext())
        {
            var message = messages.Current;
            switch (RecordingFile.Kind(message))
            {
                case RecordKind.Cycle: loops[message.Channel.Metadata["edge.loop"]].Add(message.Data.Span); break;
                case RecordKind.Map: map.Add(MapLane.Read(message.Data.Span).Map); break;
            }
        }
    }
}
