using System.Globalization;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Recording;

/// <summary>The type and size of a payload as text, such as <c>RoverSample(65536,180)</c>, so that a reader can make an empty one without the program that wrote it.</summary>
public static class PayloadShape
{
    // A recording from anywhere must not make a reader take gigabytes: these are far beyond any sensor.
    private const int MaxEvents = 1 << 26, MaxElements = 1 << 20;

    /// <summary>Returns the shape of a payload; its type's name alone when nothing more is known of it.</summary>
    public static string Of<T>(in T payload) => payload switch
    {
        RoverSample s => string.Create(CultureInfo.InvariantCulture, $"RoverSample({s.Events.Capacity},{s.Scan.Ranges.Length})"),
        EventPacket p => string.Create(CultureInfo.InvariantCulture, $"EventPacket({p.Capacity})"),
        Percept p => string.Create(CultureInfo.InvariantCulture, $"Percept({p.Sectors.Length},{p.MaxBoxes})"),
        _ => typeof(T).Name,
    };

    /// <summary>Makes an empty payload of a shape.</summary>
    /// <returns>Null when the shape is none that is known, or beyond any reason.</returns>
    public static object? Create(string shape)
    {
        int open = shape.IndexOf('(', StringComparison.Ordinal);
        string name = open < 0 ? shape : shape[..open];
        string[] parts = open < 0 || !shape.EndsWith(')') ? [] : shape[(open + 1)..^1].Split(',');
        var sizes = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out sizes[i])) return null;
        }
        return (name, sizes) switch
        {
            ("RoverSample", [> 0 and <= MaxEvents, <= MaxElements]) => new RoverSample(sizes[0], sizes[1]),
            ("EventPacket", [> 0 and <= MaxEvents]) => new EventPacket(sizes[0]),
            ("Percept", [<= MaxElements, <= MaxElements]) => new Percept(sizes[0], sizes[1]),
            ("Twist2", []) => Twist2.Rest,
            _ => null,
        };
    }
}
