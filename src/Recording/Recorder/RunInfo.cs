namespace EdgeAutonomy.Recording;

/// <summary>What a recording must say about the run it holds, so that it can be replayed without the machine it was made on.</summary>
public sealed record RunInfo
{
    /// <summary>Name of the metadata record with the run's pairs.</summary>
    public const string MetadataName = "edgeautonomy.run";

    /// <summary>Name of the metadata record with the totals at the end; absent in a file that was cut.</summary>
    public const string EndMetadataName = "edgeautonomy.end";

    /// <summary>Name of the attachment with the effective configuration.</summary>
    public const string ConfigurationName = "configuration.json";

    /// <summary>Name of the attachment with the scenario of the built-in world.</summary>
    public const string ScenarioName = "scenario.json";

    /// <summary>Version of the layout of channels, records and keyframes.</summary>
    public const string FormatVersion = "1";

    /// <summary>Gets what made the recording, such as "demo".</summary>
    public required string Verb { get; init; }

    /// <summary>Gets the robot's or fleet's name.</summary>
    public required string Robot { get; init; }

    /// <summary>Gets the seed of the run.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Gets the effective configuration as JSON.</summary>
    public required byte[] Configuration { get; init; }

    /// <summary>Gets the hash of the configuration, in hexadecimal.</summary>
    public required string ConfigurationHash { get; init; }

    /// <summary>Gets the scenario as JSON; null when nothing was simulated.</summary>
    public byte[]? Scenario { get; init; }

    /// <summary>Gets further pairs: program, runtime, processor, kernel, SIMD level, hashes of models.</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>();
}
