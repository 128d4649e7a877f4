using System.CommandLine;
using System.Diagnostics;
using EdgeAutonomy.Sensors;

namespace EdgeAutonomy.Host;

/// <summary>Statistics of an event file.</summary>
internal sealed class EventsInfoVerb : Verb
{
    private readonly Argument<string> _file = new("file") { Description = "Event file; the format is found from its content." };
    private readonly EventFileChoice _choice = new();

    /// <summary>Makes the verb.</summary>
    public EventsInfoVerb()
        : base(
            "info",
            "Reads an event file once and prints its statistics.",
            "edge events info recording.raw",
            "edge events info recording.raw --json",
            "edge events info capture.bin --format evt2 --width 320 --height 320")
    {
        Add(_file);
        _choice.AddTo(this);
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal)
    {
        string file = parse.GetValue(_file)!;
        long start = Stopwatch.GetTimestamp();
        var statistics = EventFileStatistics.Of(file, _choice.Read(parse));
        var result = EventFileResults.Of(statistics.Info!, statistics, statistics.Violations, statistics.Dropped, Stopwatch.GetElapsedTime(start).TotalSeconds);
        if (terminal.Json) terminal.Output.WriteLine(JsonOutput.Serialize(result));
        else TableWriter.Write(terminal, EventFileResults.Table(file, result));
        return ExitCode.Ok;
    }
}
