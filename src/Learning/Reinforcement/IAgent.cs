namespace EdgeAutonomy.Learning;

/// <summary>A learner in its environment: what a training runs.</summary>
/// <remarks>Frozen and thawed at any step it goes on bit for bit. Not thread-safe.</remarks>
public interface IAgent : IFreezable
{
    /// <summary>Gets the seed of everything random.</summary>
    ulong Seed { get; }

    /// <summary>Gets the hash of what must be the same to resume: options, seed, environment and copies.</summary>
    ulong Configuration { get; }

    /// <summary>Gets the environment steps made, all copies together.</summary>
    long Steps { get; }

    /// <summary>Gets where it learns.</summary>
    VectorEnvironment Environment { get; }

    /// <summary>Gets the part that acts, with its present weights; it changes while the agent learns.</summary>
    IActor Actor { get; }

    /// <summary>Gets what the last update said about itself, such as losses and entropies; NaN before the first. Allocates.</summary>
    IReadOnlyList<(string Name, double Value)> Figures { get; }

    /// <summary>Acts and learns until a number of environment steps is reached.</summary>
    /// <param name="steps">The total, counted from the beginning; where it is reached already, nothing happens.</param>
    /// <param name="stop">Ends it before the next step; the agent can go on later.</param>
    /// <exception cref="TrainingDivergedException">A loss or gradient is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    void Train(long steps, CancellationToken stop = default);
}
