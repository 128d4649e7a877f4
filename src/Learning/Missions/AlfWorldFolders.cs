using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>Finds the unpacked ALFWorld games.</summary>
public static class AlfWorldFolders
{
    private const string Games = "json_2.1.1";

    /// <summary>Returns the folder of a split, or null where it is not there.</summary>
    /// <param name="data">The folder that was named: the games' own, one above it, or one with other data; null = none.</param>
    /// <param name="split">train, valid_seen or valid_unseen.</param>
    public static string? Find(string? data, string split)
    {
        string cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "edge-autonomy", "alfworld");
        foreach (string root in (string[])[.. data is null ? (string[])[] : [data, Path.Combine(data, "alfworld")], cache])
        {
            foreach (string folder in (string[])[Path.Combine(root, split), Path.Combine(root, Games, split)])
            {
                if (Directory.Exists(folder)) return folder;
            }
        }
        return null;
    }

    /// <summary>Opens a split.</summary>
    /// <param name="data">As in <see cref="Find"/>.</param>
    /// <param name="split">train, valid_seen or valid_unseen.</param>
    /// <param name="options">How games are played; null = the defaults.</param>
    /// <exception cref="DirectoryNotFoundException">It is not there; the message says how to get it.</exception>
    public static AlfWorldGames Open(string? data, string split, AlfWorldOptions? options = null) => Find(data, split) is { } folder
        ? new AlfWorldGames(folder, options)
        : throw new DirectoryNotFoundException($"ALFWorld games: there is no folder {Games}/{split}{(data is null ? "" : $" under '{data}'")} nor in ~/.cache/edge-autonomy/alfworld. Unpack the archive: mkdir -p ~/.cache/edge-autonomy/alfworld && tar -xJf {split}.tar.xz -C ~/.cache/edge-autonomy/alfworld; or give --data.");
}
