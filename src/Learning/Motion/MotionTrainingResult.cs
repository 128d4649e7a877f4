using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning;

/// <summary>A trained motion kernel and how well it does on movies it has not seen.</summary>
/// <param name="Kernel">The pruned kernel.</param>
/// <param name="Full">The score before pruning.</param>
/// <param name="Pruned">The score of the kernel.</param>
/// <param name="Metric">The share of windows with the right class, of the kernel, with its interval over windows.</param>
public sealed record MotionTrainingResult(MotionKernel Kernel, MotionScore Full, MotionScore Pruned, Interval Metric);
