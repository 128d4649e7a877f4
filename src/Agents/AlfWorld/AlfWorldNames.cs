namespace EdgeAutonomy.Agents;

/// <summary>Gives the things of a game the names that an agent reads: <c>cabinet 3</c>.</summary>
/// <remarks>As ALFWorld's own engine does it: ids sorted by ordinal, numbers handed out from the highest down within each kind.</remarks>
public static class AlfWorldNames
{
    /// <summary>Names every id.</summary>
    /// <param name="ids">Ids of the things that occur in facts, in lower case; in any order, repeats allowed.</param>
    /// <returns>Names by id.</returns>
    public static IReadOnlyDictionary<string, string> Assign(IEnumerable<string> ids)
    {
        // Ordinal: '_' sorts before letters and after digits; a culture's order would give other numbers to the same things.
        var sorted = ids.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var left = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string id in sorted) left[Base(id)] = left.GetValueOrDefault(Base(id)) + 1;
        var names = new Dictionary<string, string>(sorted.Length, StringComparer.Ordinal);
        foreach (string id in sorted)
        {
            string kind = Base(id);
            names.Add(id, IsNumbered(id) ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{kind} {left[kind]--}") : kind);
        }
        return names;
    }

    /// <summary>Returns the kind in a name: all before its number.</summary>
    /// <param name="name">A name such as <c>cabinet 3</c>.</param>
    public static string KindOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int space = name.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? name : name[..space];
    }

    private static bool IsNumbered(string id) => id.Contains("_bar_", StringComparison.Ordinal);

    private static string Base(string id)
    {
        int end = id.IndexOf("_bar_", StringComparison.Ordinal);
        if (end < 0) return id;
        return id.Contains("basin", StringComparison.Ordinal) ? id[..end] + "basin" : id[..end];
    }
}
