using System.Text.Json;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>All that the processes of a fleet's run must agree on; a JSON file in the run's folder.</summary>
internal sealed record FleetPlan
{
    private const int MaxBytes = 1 << 20;

    /// <summary>Gets the seed of yard, tasks and robots.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Gets how many robots.</summary>
    public required int Robots { get; init; }

    /// <summary>Gets how many tasks.</summary>
    public required int Tasks { get; init; }

    /// <summary>Gets the site's name in topics.</summary>
    public required string Site { get; init; }

    /// <summary>Gets where each robot finds the broker, in the order of the robots.</summary>
    public required IReadOnlyList<Uri> Brokers { get; init; }

    /// <summary>Gets the UDP port of this machine where the world is told where robots are.</summary>
    public required int WorldPort { get; init; }

    /// <summary>Gets the folder of promises and effects.</summary>
    public required string Folder { get; init; }

    /// <summary>Gets whether robots have their event cameras on.</summary>
    public bool Camera { get; init; }

    /// <summary>Gets whether a wall with a narrow gate cuts the yard in two.</summary>
    public bool Gated { get; init; }

    /// <summary>Gets the yard.</summary>
    public Scenario Yard()
    {
        // Half as many stations as tasks: some places are wanted twice, as in a warehouse.
        return YardScenario.Create(Seed, Robots, Math.Clamp(Tasks / 2, 4, YardScenario.MaxStations), Gated);
    }

    /// <summary>Returns the file that says where a robot's body stands that is started again.</summary>
    public string PlaceFile(int robot) => Path.Combine(Folder, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"place{robot}.json"));

    /// <summary>Returns the names of all robots.</summary>
    public IReadOnlyList<string> Names() => [.. Enumerable.Range(1, Robots).Select(i => $"rover{i}")];

    /// <summary>Writes it.</summary>
    public void Write(string file) => File.WriteAllBytes(file, JsonSerializer.SerializeToUtf8Bytes(this));

    /// <summary>Reads it.</summary>
    /// <exception cref="EdgeException">It is missing (66), or none (74).</exception>
    public static FleetPlan Read(string file)
    {
        var info = new FileInfo(file);
        if (!info.Exists) throw new EdgeException(ExitCode.InputMissing, $"{file} does not exist; `edge fleet` writes it for its robots.");
        try
        {
            if (info.Length > MaxBytes) throw new JsonException($"it has {info.Length} bytes; at most {MaxBytes} are read");
            var plan = JsonSerializer.Deserialize<FleetPlan>(File.ReadAllBytes(file)) ?? throw new JsonException("it is empty");
            int brokers = plan.Brokers?.Count(b => b is { IsAbsoluteUri: true }) ?? 0;
            if (plan.Robots is < 1 or > YardScenario.MaxRobots || brokers != plan.Robots || plan.Brokers!.Count != plan.Robots || plan.Tasks is < 0 or > 1000) throw new JsonException($"it has {plan.Robots} robots, {brokers} brokers and {plan.Tasks} tasks");
            if (plan.WorldPort is < 1 or > ushort.MaxValue || string.IsNullOrEmpty(plan.Folder)) throw new JsonException($"its folder is '{plan.Folder}' and its port {plan.WorldPort}");
            // Throws for a site that is no name.
            _ = new Agents.FleetTopics(plan.Site ?? "", "board");
            return plan;
        }
        catch (Exception broken) when (broken is JsonException or ArgumentException)
        {
            throw new EdgeException(ExitCode.Io, $"{file} is no plan of a fleet's run: {broken.Message}", broken);
        }
    }
}
