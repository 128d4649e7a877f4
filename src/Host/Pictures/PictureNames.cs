namespace EdgeAutonomy.Host;

/// <summary>Makes file names of loops' names: a recording from anywhere must not choose where its pictures go.</summary>
internal sealed class PictureNames
{
    private const int MostLetters = 80;

    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase) { "map" };

    /// <summary>Returns a name of letters, digits, '-', '_' and '.', different from all before.</summary>
    public string Of(string loop)
    {
        string name = string.Concat(loop.Take(MostLetters).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_')).TrimStart('.');
        if (name.Length == 0) name = "loop";
        string free = name;
        for (int i = 2; !_taken.Add(free); i++) free = $"{name}-{i}";
        return free;
    }
}
