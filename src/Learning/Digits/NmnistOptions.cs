namespace EdgeAutonomy.Learning;

/// <summary>How N-MNIST recordings become steps.</summary>
public sealed record NmnistOptions
{
    /// <summary>Gets the time steps; at least 1.</summary>
    public int Steps { get; init; } = 15;

    /// <summary>Gets the length of a step in microseconds; 21,000 puts 5 steps on each of the three movements of 105 ms.</summary>
    public int StepUs { get; init; } = 21_000;

    /// <summary>Gets whether a pixel counts its events of a step; otherwise it is 1 where there is any.</summary>
    public bool Counts { get; init; }

    /// <summary>Gets how samples are varied while training.</summary>
    public EventAugmentation Augmentation { get; init; } = new();
}
