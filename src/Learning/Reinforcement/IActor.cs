namespace EdgeAutonomy.Learning;

/// <summary>The part of a learner that acts: what is validated, kept as the best, and shipped.</summary>
/// <remarks>Frozen, it is its weights and statistics. Not thread-safe.</remarks>
public interface IActor : IFreezable
{
    /// <summary>Chooses the action that is thought best, without exploring. Allocation-free after the first call.</summary>
    /// <param name="observation">What is seen, as the environment gives it.</param>
    /// <param name="allowed">Which choices are allowed; empty = all.</param>
    /// <param name="action">Takes the action, as the environment takes it.</param>
    void Act(ReadOnlySpan<float> observation, ReadOnlySpan<bool> allowed, Span<float> action);

    /// <summary>Returns an actor of its own with the present weights and statistics.</summary>
    IActor Copy();
}
