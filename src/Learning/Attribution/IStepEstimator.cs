namespace EdgeAutonomy.Learning;

/// <summary>Estimates what each step contributed, c_t, from the history alone and without looking at the outcome.</summary>
public interface IStepEstimator : IReturnAttributor
{
    /// <summary>Writes c_t of each step.</summary>
    /// <param name="trajectory">The episode, of one step or more.</param>
    /// <param name="contribution">Takes T numbers.</param>
    /// <exception cref="ArgumentException">The episode has no steps, or the span another length.</exception>
    void Estimate(Trajectory trajectory, Span<float> contribution);
}
