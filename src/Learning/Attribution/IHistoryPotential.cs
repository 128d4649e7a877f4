namespace EdgeAutonomy.Learning;

/// <summary>An attributor whose shaping depends on a number that the history determines. The critic must see it: without it the payback at the end is noise to it (notes C.6).</summary>
public interface IHistoryPotential
{
    /// <summary>Writes S_t / S_max before each step and after the last one, in [−1, 1].</summary>
    /// <param name="trajectory">The episode, of one step or more.</param>
    /// <param name="scaled">Takes T + 1 numbers.</param>
    /// <exception cref="ArgumentException">The episode has no steps, or the span another length.</exception>
    void Potentials(Trajectory trajectory, Span<float> scaled);
}
