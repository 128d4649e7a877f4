using System.Globalization;

namespace EdgeAutonomy.Host;

/// <summary>Reads the small files in which Linux tells about itself; whatever is missing or may not be read is null.</summary>
/// <param name="root">The root of the file system; a test puts a folder in its place.</param>
internal sealed class SystemFiles(string root = "/")
{
    /// <summary>Returns a file's path.</summary>
    public string PathOf(string path) => Path.Combine(root, path.TrimStart('/'));

    /// <summary>Reads a text, without the blanks and zero bytes around it.</summary>
    public string? Text(string path)
    {
        try
        {
            string full = PathOf(path);
            return File.Exists(full) ? File.ReadAllText(full).Trim().Trim('\0') : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads a whole number.</summary>
    public long? Number(string path) => long.TryParse(Text(path), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : null;

    /// <summary>Reads the value behind a word at the start of a line.</summary>
    public string? Line(string path, string word) => Text(path)?.Split('\n').FirstOrDefault(l => l.StartsWith(word, StringComparison.Ordinal))?[word.Length..].TrimStart(':', ' ', '\t').Trim();

    /// <summary>Lists what a folder holds that fits a pattern, sorted.</summary>
    public IReadOnlyList<string> List(string folder, string pattern)
    {
        try
        {
            string full = PathOf(folder);
            return Directory.Exists(full) ? [.. Directory.EnumerateFileSystemEntries(full, pattern).Select(e => "/" + Path.GetRelativePath(root, e)).Order(StringComparer.Ordinal)] : [];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Returns the soft limit of this process; null = without limit or not known.</summary>
    /// <param name="name">As /proc/self/limits has it, such as "Max realtime priority".</param>
    /// <param name="known">Whether it is known.</param>
    public long? Limit(string name, out bool known)
    {
        string? soft = Line("/proc/self/limits", name)?.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        known = soft is not null;
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;
    }

    /// <summary>Returns whether this process has a capability.</summary>
    /// <param name="bit">Its number in linux/capability.h.</param>
    public bool HasCapability(int bit) =>
        ulong.TryParse(Line("/proc/self/status", "CapEff"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong set) && (set >> bit & 1) == 1;
}
