using EdgeAutonomy.Perception;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Finds the trained networks that a configuration or a user names.</summary>
/// <remarks>A bare name such as <c>motion</c> means the file of that name in the folder <c>models</c> beside the program, which the build puts there; anything else is a path.</remarks>
internal static class ModelFiles
{
    private const string Extension = ".nir";

    /// <summary>Gets the folder of the models that ship.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>Gets the names of the models that ship, in order.</summary>
    public static IReadOnlyList<string> Names => Directory.Exists(Folder)
        ? [.. Directory.GetFiles(Folder, "*" + Extension).Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Looks for a model.</summary>
    /// <param name="model">A name or a path.</param>
    /// <param name="folder">Where relative paths start; null = the present folder.</param>
    /// <returns>The full path; null when there is no such file.</returns>
    public static string? TryFind(string model, string? folder = null)
    {
        if (IsName(model) && Path.Combine(Folder, model + Extension) is var shipped && File.Exists(shipped)) return shipped;
        try
        {
            string path = Path.GetFullPath(model, folder is null ? Environment.CurrentDirectory : Path.GetFullPath(folder));
            return File.Exists(path) ? path : null;
        }
        catch (ArgumentException)
        {
            return null; // no path at all: empty, or with a character that none may have
        }
    }

    /// <summary>Finds a model.</summary>
    /// <param name="model">A name or a path.</param>
    /// <exception cref="EdgeException">There is none (66); the message says where it was looked for.</exception>
    public static string Find(string model) => TryFind(model) ?? throw new EdgeException(ExitCode.InputMissing, Missing(model));

    /// <summary>Reads a motion kernel.</summary>
    /// <param name="model">A name or a path.</param>
    /// <exception cref="EdgeException">There is none (66).</exception>
    /// <exception cref="ModelFileException">It is damaged, or a model for something else (74).</exception>
    public static MotionKernel ReadMotion(string model) => MotionKernelFile.Read(Find(model));

    /// <summary>Returns the hash of a model's bytes as it stands in recordings.</summary>
    /// <param name="model">A name or a path.</param>
    /// <exception cref="EdgeException">There is none (66).</exception>
    public static string Hash(string model)
    {
        var hasher = new StateHasher();
        hasher.AddBytes(File.ReadAllBytes(Find(model)));
        return JsonOutput.Hash(hasher.Value);
    }

    /// <summary>Returns the models that the loops of a configuration use, [loop] = name or path.</summary>
    public static IEnumerable<(string Loop, string Model)> Of(EdgeOptions options) => options.Loops
        .Select(l => (l.Key, Model: l.Value.Perceive switch { RoverPerceive { Perception: PerceptionKind.Spiking } rover => rover.Model, NetworkPerceive network => network.Model, _ => "" }))
        .Where(l => l.Model.Length > 0);

    /// <summary>Returns the sentence about a model that is not there.</summary>
    public static string Missing(string model)
    {
        string? near = NearestName.Of(model, Names);
        return $"There is no model '{model}'; the models that ship are {string.Join(", ", Names)} (in {Folder}), anything else must be the path of a file that exists.{(near is null ? "" : $" Did you mean '{near}'?")}";
    }

    private static bool IsName(string model) => model.Length is > 0 and <= 64 && model.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
