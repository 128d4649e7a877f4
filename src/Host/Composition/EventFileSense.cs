namespace EdgeAutonomy.Host;

/// <summary>Keys of an event file.</summary>
public sealed class EventFileSense : SenseSection
{
    /// <summary>Gets the file.</summary>
    [Option("The event file; the format is found from its content.", Required = true, IsFile = true)]
    public string Path { get; init; } = "";

    /// <summary>Gets the most events per cycle.</summary>
    [Option("Most events per cycle; more are dropped and counted.", Min = 1, Max = 16_777_216)]
    public int Capacity { get; init; } = 262_144;
}
