using System.Globalization;

namespace EdgeAutonomy.Integration;

/// <summary>The processes of this machine, as /proc shows them.</summary>
internal static class ProcessTree
{
    /// <summary>Returns the processes that a process started, and those that they started, with their command lines.</summary>
    public static IReadOnlyDictionary<int, string> Below(int process)
    {
        var parents = new Dictionary<int, int>();
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && Stat(id) is { } stat) parents[id] = int.Parse(stat[1], CultureInfo.InvariantCulture);
        }
        var found = new Dictionary<int, string>();
        for (List<int> level = [process]; level.Count > 0;)
        {
            level = [.. parents.Where(p => level.Contains(p.Value)).Select(p => p.Key)];
            foreach (int id in level) found[id] = CommandLine(id);
        }
        return found;
    }

    /// <summary>Returns whether a process runs; one that only waits to be buried does not.</summary>
    public static bool Runs(int process) => Stat(process) is { } stat && stat[0] is not ("Z" or "X");

    private static string CommandLine(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }

    // State, parent, ... : what comes after the name, which may hold anything.
    private static string[]? Stat(int process)
    {
        try
        {
            string text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
