namespace EdgeAutonomy.Learning;

/// <summary>Spreads the one return at the end of an episode over its steps.</summary>
/// <remarks>
/// What <see cref="Attribute"/> writes takes the place of the environment's rewards. Every attributor gives T finite numbers and is a function of its options, the seeds and the data it was fitted on. <see cref="Fit"/> is not
/// thread-safe; between two fits any number of threads may attribute. Its whole state freezes, so that an interrupted training goes on bit for bit.
/// </remarks>
public interface IReturnAttributor : IFreezable
{
    /// <summary>Gets which one it is, with the settings that matter; goes into policy bundles and tables.</summary>
    string Id { get; }

    /// <summary>Gets whether the reward of a step depends on what was known after that step only, not on the outcome. Shares of a residual and anything paid out at the end are not causal.</summary>
    bool IsCausal { get; }

    /// <summary>Gets <see cref="Id"/> with the number of fits: trajectories keep it, so that each is shaped by one state.</summary>
    string Version { get; }

    /// <summary>Learns from episodes, good and bad ones; goes on from what was learned before. Attributors without parameters do nothing.</summary>
    /// <param name="data">The episodes, at least one, each of one step or more.</param>
    /// <param name="options">How many updates of which size, from which seed.</param>
    /// <exception cref="ArgumentException">There are no episodes, or one has no steps or another shape.</exception>
    /// <exception cref="TrainingDivergedException">A loss is not finite.</exception>
    void Fit(IReadOnlyList<Trajectory> data, in FitOptions options);

    /// <summary>Writes the reward of each step.</summary>
    /// <param name="trajectory">The episode, of one step or more; it may have lost its candidates.</param>
    /// <param name="stepReward">Takes T numbers.</param>
    /// <exception cref="ArgumentException">The episode has no steps, or the span another length.</exception>
    void Attribute(Trajectory trajectory, Span<float> stepReward);
}
