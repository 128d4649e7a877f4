namespace EdgeAutonomy.Agents;

/// <summary>The mission files under a folder, numbered by the ordinal order of their paths. All are for evaluation: no learner may start one.</summary>
/// <remarks>Thread-safe. Every file is read when the set is made, so that a broken one is found before anything is played.</remarks>
public sealed class MissionFolder : IMissionSet
{
    /// <summary>The most files.</summary>
    public const int MaxFiles = 10_000;

    private readonly string[] _paths;
    private readonly MissionWorldTask[] _tasks;

    /// <summary>Reads the missions under a folder.</summary>
    /// <param name="folder">The folder; those in it are looked through as well.</param>
    /// <exception cref="DirectoryNotFoundException">The folder is absent.</exception>
    /// <exception cref="InvalidDataException">There is no mission file under it, there are too many, or one is refused.</exception>
    /// <exception cref="IOException">One cannot be read.</exception>
    public MissionFolder(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        string root = Path.GetFullPath(folder);
        if (!Directory.Exists(root)) throw new DirectoryNotFoundException($"Mission files: folder '{root}' is absent.");
        _paths = [.. Files(root).Take(MaxFiles + 1).Order(StringComparer.Ordinal)];
        if (_paths.Length == 0) throw new InvalidDataException($"Mission files: no file that ends in {MissionFile.Ending} under '{root}'.");
        if (_paths.Length > MaxFiles) throw new InvalidDataException($"Mission files: more than {MaxFiles} under '{root}'; name a folder with fewer.");
        _tasks = [.. _paths.Select(MissionFile.Read)];
        Name = $"mission files/{Path.GetFileName(root.TrimEnd(Path.DirectorySeparatorChar))}";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public MissionShape Shape => MissionWorldContract.Shape;

    /// <inheritdoc/>
    public int Count => _tasks.Length;

    /// <summary>Returns whether there is a mission file under a folder; false where the folder is absent.</summary>
    /// <param name="folder">The folder.</param>
    public static bool Has(string folder) => Directory.Exists(folder) && Files(folder).Any();

    /// <summary>Returns a mission's path.</summary>
    /// <param name="number">0 … <see cref="Count"/> − 1.</param>
    public string PathOf(int number) => _paths[number];

    /// <inheritdoc/>
    public bool IsHeldOut(int number) => true;

    /// <inheritdoc/>
    public IMission Start(int number) => _tasks[number].Start();

    private static IEnumerable<string> Files(string root) => Directory.EnumerateFiles(root, "*" + MissionFile.Ending, SearchOption.AllDirectories);
}
