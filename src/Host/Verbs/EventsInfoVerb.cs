using System.CommandLine;

namespace EdgeAutonomy.Host;

/// <summary>Statistics of an event file.</summary>
internal sealed class EventsInfoVerb : Verb
{
    private readonly Argument<string> _file = new("file") { Description = "Event file; the format is found from its content." };

    /// <summary>Makes the verb.</summary>
    public EventsInfoVerb()
        : base("info", "Reads an event file once and prints its statistics.", "edge events info recording.raw", "edge events info recording.aedat4 --json") => Add(_file);

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal) => throw new NotImplementedException();
}
