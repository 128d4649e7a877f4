using System.Globalization;

namespace EdgeAutonomy.Agents;

/// <summary>A square of a map in which robots publish their beacons.</summary>
/// <param name="Map">Index of the map.</param>
/// <param name="X">Column; negative west of the origin.</param>
/// <param name="Y">Row; negative south of the origin.</param>
public readonly record struct InterestCell(ushort Map, int X, int Y) : IComparable<InterestCell>
{
    /// <summary>Returns the topic levels of the cell, such as <c>0_12/m3</c>.</summary>
    public string Levels => string.Create(CultureInfo.InvariantCulture, $"{Map}_{Number(X)}/{Number(Y)}");

    /// <summary>Reads the topic levels of a cell.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out InterestCell cell)
    {
        cell = default;
        int under = text.IndexOf('_'), slash = text.IndexOf('/');
        if (under <= 0 || slash <= under) return false;
        if (!ushort.TryParse(text[..under], NumberStyles.None, CultureInfo.InvariantCulture, out ushort map)) return false;
        if (!TryNumber(text[(under + 1)..slash], out int x) || !TryNumber(text[(slash + 1)..], out int y)) return false;
        cell = new InterestCell(map, x, y);
        // One spelling per cell: "007" or "m0" would be another topic.
        return text.SequenceEqual(cell.Levels);
    }

    /// <inheritdoc/>
    public int CompareTo(InterestCell other) => (Map, Y, X).CompareTo((other.Map, other.Y, other.X));

    /// <summary>Tells whether a cell comes before another.</summary>
    public static bool operator <(InterestCell a, InterestCell b) => a.CompareTo(b) < 0;

    /// <summary>Tells whether a cell comes after another.</summary>
    public static bool operator >(InterestCell a, InterestCell b) => a.CompareTo(b) > 0;

    /// <summary>Tells whether a cell does not come after another.</summary>
    public static bool operator <=(InterestCell a, InterestCell b) => a.CompareTo(b) <= 0;

    /// <summary>Tells whether a cell does not come before another.</summary>
    public static bool operator >=(InterestCell a, InterestCell b) => a.CompareTo(b) >= 0;

    private static string Number(int value) => value < 0 ? string.Create(CultureInfo.InvariantCulture, $"m{-(long)value}") : value.ToString(CultureInfo.InvariantCulture);

    private static bool TryNumber(ReadOnlySpan<char> text, out int value)
    {
        bool negative = text is ['m', ..];
        bool ok = int.TryParse(negative ? text[1..] : text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        if (negative) value = -value;
        return ok;
    }
}
