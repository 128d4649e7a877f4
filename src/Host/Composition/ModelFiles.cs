using EdgeAutonomy.Agents;
using EdgeAutonomy.Perception;
using EdgeAutonomy.Policies;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Finds the trained networks and policies that a configuration or a user names.</summary>
/// <remarks>A bare name such as <c>motion</c> means the file of that name in the folder <c>models</c> beside the program, which the build puts there; anything else is a path.</remarks>
internal static class ModelFiles
{
    private static readonly string[] Endings = [".nir", PolicyFile.Ending, CandidateFile.Ending];

    /// <summary>Gets the folder of the models that ship.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>Gets the names of the models that ship, in order.</summary>
    public static IReadOnlyList<string> Names => Directory.Exists(Folder)
        ? [.. Endings.SelectMany(e => Directory.GetFiles(Folder, "*" + e).Select(f => Path.GetFileName(f)[..^e.Length])).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Looks for a model.</summary>
    /// <param name="model">A name or a path.</param>
    /// <param name="folder">Where relative paths start; null = the present folder.</param>
    /// <returns>The full path; null when there is no such file.</returns>
    public static string? TryFind(string model, string? folder = null)
    {
        if (IsName(model) && Endings.Select(e => Path.Combine(Folder, model + e)).FirstOrDefault(File.Exists) is { } shipped) return shipped;
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

    /// <summary>Reads a policy for a contract.</summary>
    /// <param name="policy">A name or a path.</param>
    /// <param name="expected">What the robot's code gives and can do.</param>
    /// <exception cref="EdgeException">There is none (66), or it is damaged, unsafe, or for another robot (74).</exception>
    public static LearnedPolicy ReadPolicy(string policy, PolicySchema expected)
    {
        string path = Find(policy);
        try
        {
            return LearnedPolicy.Load(path, expected);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException)
        {
            throw new EdgeException(ExitCode.Io, error.Message.Contains(path, StringComparison.Ordinal) ? error.Message : $"{path}: {error.Message}", error);
        }
    }

    /// <summary>Returns the file of a mission agent's policy that ships; null where it does not.</summary>
    /// <param name="name">Its name.</param>
    public static string? TryFindAgent(string name) => Path.Combine(Folder, name + CandidateFile.Ending) is var file && File.Exists(file) ? file : null;

    /// <summary>Reads a mission agent's policy.</summary>
    /// <param name="policy">A name or a path.</param>
    /// <param name="shape">The missions it is to be used for.</param>
    /// <param name="time">The clock of its latencies.</param>
    /// <exception cref="EdgeException">There is none (66), or it is damaged, or for other missions (74).</exception>
    public static CandidatePolicy ReadAgent(string policy, MissionShape shape, TimeProvider time)
    {
        string path = TryFindAgent(policy) ?? Find(policy);
        try
        {
            return CandidatePolicy.Load(path, shape, time: time);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new EdgeException(ExitCode.Io, error.Message.Contains(path, StringComparison.Ordinal) ? error.Message : $"{path}: {error.Message}", error);
        }
    }

    /// <summary>Reads what attributes progress to the decisions of an agent, the estimator that ships.</summary>
    /// <param name="shape">The missions it is to be used for.</param>
    /// <returns>Null where it does not ship.</returns>
    /// <exception cref="EdgeException">It is damaged, or for other missions (74).</exception>
    public static ProgressEstimator? TryReadProgress(MissionShape shape)
    {
        string path = Path.Combine(Folder, "mission" + ProgressFile.Ending);
        if (!File.Exists(path)) return null;
        try
        {
            return ProgressEstimator.Load(path, shape);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new EdgeException(ExitCode.Io, error.Message.Contains(path, StringComparison.Ordinal) ? error.Message : $"{path}: {error.Message}", error);
        }
    }

    /// <summary>Reads a joint policy and the options of the robot that it was trained for, whose top speed its card says.</summary>
    /// <param name="section">The stage.</param>
    /// <param name="grid">The loop's periods.</param>
    /// <exception cref="EdgeException">There is none (66), or it is damaged, unsafe, or for another robot (74).</exception>
    public static (LearnedPolicy Policy, GoToGoalOptions Robot) ReadJoint(JointDecide section, PeriodGrid grid)
    {
        double speed = section.MaxSpeedMps;
        try
        {
            speed = JointSchema.TrainedSpeed(PolicyFile.Read(Find(section.Policy), out _).Schema) is { } trained and >= 0.05 and <= 5 ? trained : speed;
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // Said below, with the rest.
        }
        var robot = LoopFactory.PolicyOptions(speed, section.RobotRadiusM);
        return (ReadPolicy(section.Policy, JointSchema.For(robot, grid)), robot);
    }

    /// <summary>Returns the models that the loops of a configuration use.</summary>
    public static IEnumerable<LoopModel> Of(EdgeOptions options)
    {
        foreach (var (name, loop) in options.Loops)
        {
            if (loop.Perceive is RoverPerceive { Perception: PerceptionKind.Spiking } rover) yield return new LoopModel(name, "Perceive", "Model", rover.Model, "model");
            if (loop.Perceive is NetworkPerceive network) yield return new LoopModel(name, "Perceive", "Model", network.Model, "model") { IsReplayed = network.IsReplayedExactly };
            if (loop.Decide is JointDecide joint) yield return new LoopModel(name, "Decide", "Policy", joint.Policy, "policy");
            if (loop.Period.Policy == PeriodPolicy.Learned) yield return new LoopModel(name, "Period", "Pacer", loop.Period.Pacer, "pacer");
        }
    }

    /// <summary>Returns the sentence about a model that is not there.</summary>
    public static string Missing(string model)
    {
        string? near = NearestName.Of(model, Names);
        return $"There is no model '{model}'; the models that ship are {string.Join(", ", Names)} (in {Folder}), anything else must be the path of a file that exists.{(near is null ? "" : $" Did you mean '{near}'?")}";
    }

    private static bool IsName(string model) => model.Length is > 0 and <= 64 && model.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
