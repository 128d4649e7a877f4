using System.Collections.Concurrent;

namespace EdgeAutonomy.Agents;

/// <summary>The ALFWorld games under a folder, numbered by the ordinal order of their paths.</summary>
/// <remarks>Thread-safe. Keeps what it has loaded, up to a bound; a game is about 0.2 MB then.</remarks>
public sealed class AlfWorldGames : IMissionSet
{
    private const int MaxKept = 1024;
    private readonly string[] _paths;
    private readonly bool[] _heldOut;
    private readonly AlfWorldOptions _options;
    private readonly ConcurrentDictionary<int, AlfWorldTask> _loaded = new();

    /// <summary>Finds the games under a folder.</summary>
    /// <param name="folder">A split's folder, or one above it such as <c>json_2.1.1</c>.</param>
    /// <param name="options">How they are played; null for the defaults.</param>
    /// <exception cref="DirectoryNotFoundException">The folder is absent.</exception>
    /// <exception cref="InvalidDataException">There is no game under it.</exception>
    public AlfWorldGames(string folder, AlfWorldOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        string root = Path.GetFullPath(folder);
        if (!Directory.Exists(root)) throw new DirectoryNotFoundException($"ALFWorld games: folder '{root}' is absent; unpack the archives of shared/data/alfworld there.");
        _paths = [.. Directory.EnumerateFiles(root, "game.tw-pddl", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        if (_paths.Length == 0) throw new InvalidDataException($"ALFWorld games: no game.tw-pddl under '{root}'.");
        _heldOut = [.. _paths.Select(p => SplitOf(p) != "train")];
        _options = options ?? new AlfWorldOptions();
        Name = $"alfworld/{Path.GetFileName(root.TrimEnd(Path.DirectorySeparatorChar))}";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public MissionShape Shape => AlfWorldFeatures.Shape;

    /// <inheritdoc/>
    public int Count => _paths.Length;

    /// <summary>Returns a game's path.</summary>
    /// <param name="number">0 … <see cref="Count"/> − 1.</param>
    public string PathOf(int number) => _paths[number];

    /// <inheritdoc/>
    public bool IsHeldOut(int number) => _heldOut[number];

    /// <summary>Returns a game without starting it.</summary>
    /// <param name="number">0 … <see cref="Count"/> − 1.</param>
    public AlfWorldTask Load(int number)
    {
        if (_loaded.TryGetValue(number, out var task)) return task;
        task = AlfWorldTask.Load(_paths[number]);
        if (_loaded.Count < MaxKept) _loaded.TryAdd(number, task);
        return task;
    }

    /// <inheritdoc/>
    public IMission Start(int number) => new AlfWorldGame(Load(number), _options);

    /// <summary>Returns the split that a path lies in: the folder two above the trial's; what lies elsewhere counts as held out.</summary>
    private static string SplitOf(string path) => new FileInfo(path).Directory?.Parent?.Parent?.Name ?? "";
}
