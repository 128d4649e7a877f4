using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning;

/// <summary>A trained motion kernel and how well it does on movies it has not seen.</summary>
/// <param name="Kernel">The pruned kernel.</param>
/// <param name="Full">The score before pruning.</param>
/// <param name="Pruned">The score of the kernel.</param>
/// <param name="TilesWithin20">The share of tiles of the runtime whose direction is within 20° of the truth in movies it has not seen, with its interval over movies.</param>
public sealed record MotionTrainingResult(MotionKernel Kernel, MotionScore Full, MotionScore Pruned, Interval TilesWithin20);
