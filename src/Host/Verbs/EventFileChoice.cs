using System.CommandLine;
using EdgeAutonomy.Sensors;

namespace EdgeAutonomy.Host;

/// <summary>The options that say what an event file without a header is.</summary>
internal sealed class EventFileChoice
{
    private readonly Option<string?> _format = VerbOption.Text("--format", "name", "Format of a file that does not say it itself, such as evt2.");
    private readonly Option<int> _width = VerbOption.Number("--width", "Columns of a sensor that the file does not name; 0 = from the file.", 0, 0, 65_536);
    private readonly Option<int> _height = VerbOption.Number("--height", "Rows of a sensor that the file does not name; 0 = from the file.", 0, 0, 65_536);

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command verb)
    {
        verb.Add(_format);
        verb.Add(_width);
        verb.Add(_height);
    }

    /// <summary>Reads the options.</summary>
    /// <exception cref="EdgeException">The format has no such name.</exception>
    public EventFileOptions Read(ParseResult parse)
    {
        var format = EventFormat.Unknown;
        if (parse.GetValue(_format) is { } name)
        {
            var names = Enum.GetNames<EventFormat>().Where(n => n != nameof(EventFormat.Unknown)).ToArray();
            string? known = Array.Find(names, n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase));
            if (known is null)
            {
                string? near = NearestName.Of(name, names);
                throw new EdgeException(ExitCode.Usage, $"--format is '{name}'; must be one of {string.Join(", ", names)}.{(near is null ? "" : $" Did you mean '{near}'?")}");
            }
            format = Enum.Parse<EventFormat>(known);
        }
        return new EventFileOptions { Format = format, Width = parse.GetValue(_width), Height = parse.GetValue(_height) };
    }
}
