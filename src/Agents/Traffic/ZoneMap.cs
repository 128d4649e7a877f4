namespace EdgeAutonomy.Agents;

/// <summary>The zones of a site, by id.</summary>
/// <remarks>Immutable, thread-safe. Index order is the global order of acquisition.</remarks>
public sealed class ZoneMap
{
    /// <summary>The most zones of a site.</summary>
    public const int MaxZones = 4096;

    private readonly Zone[] _zones;
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);

    /// <summary>Makes a map.</summary>
    /// <exception cref="ArgumentException">An id is doubled or not an id, a capacity is not positive, or an outline has fewer than three corners.</exception>
    public ZoneMap(IEnumerable<Zone> zones)
    {
        _zones = [.. zones.OrderBy(z => z.Id, StringComparer.Ordinal)];
        if (_zones.Length > MaxZones) throw new ArgumentException($"Zone map: {_zones.Length} zones; at most {MaxZones}.", nameof(zones));
        for (int i = 0; i < _zones.Length; i++)
        {
            var z = _zones[i];
            if (!ZoneWire.IsId(z.Id) || !_index.TryAdd(z.Id, i)) throw new ArgumentException($"Zone map: '{UntrustedText.Clean(z.Id, 40)}' is no id or taken; must be 1 to 32 of A-Z a-z 0-9 _ . : - and unique.", nameof(zones));
            if (z.Capacity < 1) throw new ArgumentException($"Zone '{z.Id}': capacity is {z.Capacity}; must be at least 1.", nameof(zones));
            if (z.Outline.Count < 3 || z.Outline.Any(p => !p.IsFinite)) throw new ArgumentException($"Zone '{z.Id}': outline has {z.Outline.Count} corners; must have at least 3, all finite.", nameof(zones));
        }
    }

    /// <summary>Gets the number of zones.</summary>
    public int Count => _zones.Length;

    /// <summary>Gets a zone.</summary>
    public Zone this[int zone] => _zones[zone];

    /// <summary>Returns the index of a zone by its id, −1 if there is none.</summary>
    public int Find(string id) => _index.TryGetValue(id, out int zone) ? zone : -1;

    /// <summary>Returns how far a point lies outside a zone, metres; 0 inside.</summary>
    public double Distance(int zone, Vector2D point)
    {
        var outline = _zones[zone].Outline;
        bool inside = false;
        double nearest = double.PositiveInfinity;
        for (int i = 0, j = outline.Count - 1; i < outline.Count; j = i++)
        {
            Vector2D a = outline[i], b = outline[j];
            if (a.Y > point.Y != b.Y > point.Y && point.X < (b.X - a.X) * (point.Y - a.Y) / (b.Y - a.Y) + a.X) inside = !inside;
            nearest = Math.Min(nearest, Vector2D.Distance(Vector2D.Nearest(a, b, point), point));
        }
        return inside ? 0 : nearest;
    }
}
