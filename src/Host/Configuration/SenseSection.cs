namespace EdgeAutonomy.Host;

/// <summary>What every sensor can be told.</summary>
public abstract class SenseSection : StageSection
{
    /// <summary>Gets how old a sample may be.</summary>
    [Option("How old a sample may be before the loop degrades.", Min = 1, Max = 60_000)]
    public double MaxAgeMs { get; init; } = 50;

    /// <summary>Gets how long a sector may stay unsensed.</summary>
    [Option("How long a part of the surroundings may stay unsensed, whatever the policy asks for.", Min = 1, Max = 60_000)]
    public double MaxUnseenMs { get; init; } = 500;
}
