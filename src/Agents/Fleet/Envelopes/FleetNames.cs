namespace EdgeAutonomy.Agents;

/// <summary>The rules for names in topics, and one string for each name that was met.</summary>
/// <remarks>The table makes receiving allocate nothing for names met before; it is bounded, because whoever may publish may invent names. One thread.</remarks>
internal sealed class FleetNames
{
    public const int MaxRobot = 32, MaxTask = 48;
    private const int Limit = 8192;
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _bySpan;

    public FleetNames() => _bySpan = _known.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Returns the name; null when it breaks the rule [A-Za-z0-9_.:-]{1,max}.</summary>
    public string? Take(ReadOnlySpan<byte> utf8, int max)
    {
        if (utf8.Length == 0 || utf8.Length > max) return null;
        Span<char> text = stackalloc char[MaxTask];
        for (int i = 0; i < utf8.Length; i++)
        {
            char c = (char)utf8[i];
            if (!IsAllowed(c)) return null;
            text[i] = c;
        }
        var name = (ReadOnlySpan<char>)text[..utf8.Length];
        if (_bySpan.TryGetValue(name, out string? known)) return known;
        string made = name.ToString();
        if (_known.Count < Limit) _known.Add(made, made);
        return made;
    }

    public static bool IsName(string text, int max)
    {
        if (text.Length == 0 || text.Length > max) return false;
        foreach (char c in text)
        {
            if (!IsAllowed(c)) return false;
        }
        return true;
    }

    private static bool IsAllowed(char c) => c is >= 'A' and <= 'Z' or >= 'a' and <= 'z' or >= '0' and <= '9' or '_' or '.' or ':' or '-';
}
