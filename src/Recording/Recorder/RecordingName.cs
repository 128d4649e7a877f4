using System.Globalization;

namespace EdgeAutonomy.Recording;

/// <summary>Names of recordings: the robot, then the start in UTC, so that names sort by time.</summary>
public static class RecordingName
{
    private const string Stamp = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Returns the file name of a recording that starts now.</summary>
    /// <param name="robot">The robot's name.</param>
    /// <param name="start">The start.</param>
    public static string Of(string robot, DateTimeOffset start) => $"{robot}-{start.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture)}.mcap";

    /// <summary>Returns a pattern for all recordings of the same robot.</summary>
    /// <param name="path">One of them; of a file with a name of its own, only its rotated parts match.</param>
    internal static string Pattern(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        int dash = name.LastIndexOf('-');
        bool ours = dash > 0 && DateTimeOffset.TryParseExact(name[(dash + 1)..], Stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);
        return ours ? $"{name[..dash]}-????????T??????Z*{Path.GetExtension(path)}" : $"{name}.*{Path.GetExtension(path)}";
    }
}
