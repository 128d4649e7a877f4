using System.Collections.Immutable;

namespace EdgeAutonomy.Agents;

/// <summary>Where a robot may be: inside one outline and outside every closed area.</summary>
/// <remarks>Polygons, closed by themselves, not crossing themselves; a point on an edge counts as forbidden on both sides. Immutable.</remarks>
public sealed class Geofence
{
    private readonly ImmutableArray<MapPoint> _outline;
    private readonly ImmutableArray<ImmutableArray<MapPoint>> _closed;

    /// <summary>Makes a fence.</summary>
    /// <param name="outline">Corners of the area it must stay in; at least 3.</param>
    /// <param name="closed">Areas inside that it must keep out of; each at least 3 corners.</param>
    /// <exception cref="ArgumentException">A polygon has too few corners or a corner that is not a number.</exception>
    public Geofence(ImmutableArray<MapPoint> outline, params ImmutableArray<ImmutableArray<MapPoint>> closed)
    {
        _outline = Valid(outline, "outline");
        _closed = [.. closed.Select((area, i) => Valid(area, $"closed area {i}"))];
    }

    /// <summary>Returns whether a straight way, both ends included, lies in the allowed area.</summary>
    /// <param name="from">Its beginning.</param>
    /// <param name="to">Its end.</param>
    public bool Allows(MapPoint from, MapPoint to)
    {
        if (!from.IsFinite || !to.IsFinite) return false;
        if (!Inside(_outline, from) || !Inside(_outline, to) || Crosses(_outline, from, to)) return false;
        foreach (var area in _closed)
        {
            if (Inside(area, from) || Inside(area, to) || Crosses(area, from, to)) return false;
        }
        return true;
    }

    private static bool Inside(ImmutableArray<MapPoint> polygon, MapPoint p)
    {
        bool inside = false;
        for (int i = 0, j = polygon.Length - 1; i < polygon.Length; j = i++)
        {
            var (a, b) = (polygon[i], polygon[j]);
            if (a.Y > p.Y != b.Y > p.Y && p.X < (b.X - a.X) * (p.Y - a.Y) / (b.Y - a.Y) + a.X) inside = !inside;
        }
        return inside;
    }

    private static bool Crosses(ImmutableArray<MapPoint> polygon, MapPoint from, MapPoint to)
    {
        for (int i = 0, j = polygon.Length - 1; i < polygon.Length; j = i++)
        {
            if (Touch(polygon[i], polygon[j], from, to)) return true;
        }
        return false;
    }

    // Two segments touch when each has the other's ends on both sides or on it; collinear ones when their boxes overlap as well.
    private static bool Touch(MapPoint a, MapPoint b, MapPoint c, MapPoint d)
    {
        double abc = Side(a, b, c), abd = Side(a, b, d), cda = Side(c, d, a), cdb = Side(c, d, b);
        bool boxes = Math.Min(a.X, b.X) <= Math.Max(c.X, d.X) && Math.Min(c.X, d.X) <= Math.Max(a.X, b.X)
            && Math.Min(a.Y, b.Y) <= Math.Max(c.Y, d.Y) && Math.Min(c.Y, d.Y) <= Math.Max(a.Y, b.Y);
        return boxes && abc * abd <= 0 && cda * cdb <= 0;
    }

    private static double Side(MapPoint a, MapPoint b, MapPoint p) => (b.X - a.X) * (p.Y - a.Y) - (b.Y - a.Y) * (p.X - a.X);

    private static ImmutableArray<MapPoint> Valid(ImmutableArray<MapPoint> polygon, string what)
    {
        int count = polygon.IsDefault ? 0 : polygon.Length;
        if (count < 3) throw new ArgumentException($"Geofence: {what} has {count} corners; at least 3 are needed.");
        int bad = polygon.ToList().FindIndex(p => !p.IsFinite);
        return bad < 0 ? polygon : throw new ArgumentException($"Geofence: corner {bad} of {what} is not a number.");
    }
}
