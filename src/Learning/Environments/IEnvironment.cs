namespace EdgeAutonomy.Learning;

/// <summary>A task in discrete steps, with Gymnasium's contract: reset, then step until the episode has ended.</summary>
/// <remarks>
/// Deterministic: an episode is a function of its seed and the actions. Frozen and thawed, it goes on bit for bit. Not thread-safe. Neither
/// <see cref="Reset"/> nor <see cref="Step"/> allocates.
/// </remarks>
public interface IEnvironment : IFreezable
{
    /// <summary>Gets the name with its version, such as "CartPole-v1"; part of the hash in checkpoints.</summary>
    string Name { get; }

    /// <summary>Gets where observations lie.</summary>
    BoxSpace ObservationSpace { get; }

    /// <summary>Gets where actions lie.</summary>
    Space ActionSpace { get; }

    /// <summary>Gets the time of one tick, in seconds; above 0.</summary>
    double TickSeconds { get; }

    /// <summary>Starts an episode.</summary>
    /// <param name="seed">The seed of this episode.</param>
    /// <param name="observation">Takes the first observation, exactly the width of <see cref="ObservationSpace"/>.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    void Reset(ulong seed, Span<float> observation);

    /// <summary>Makes one step.</summary>
    /// <param name="action">The action; a discrete one is its index. Box actions out of bounds are clipped.</param>
    /// <param name="observation">Takes the observation after the step.</param>
    /// <returns>Reward and whether the episode has ended.</returns>
    /// <exception cref="ArgumentException">The action is none of a discrete space, is not a number, or a span has another length; nothing has changed.</exception>
    /// <exception cref="InvalidOperationException">The episode has ended or none was started.</exception>
    StepResult Step(ReadOnlySpan<float> action, Span<float> observation);
}
