namespace EdgeAutonomy.Learning;

/// <summary>What one decision in a <see cref="ThreeBodyEnvironment"/> led to.</summary>
/// <param name="Reward">The reward; finite.</param>
/// <param name="Terminated">Whether the episode really ended: no bootstrap from the next observation.</param>
/// <param name="Truncated">Whether only the limit of checks ended it: bootstrap from the next observation.</param>
/// <param name="Info">What happened, for tables and logs; no policy may see it.</param>
public readonly record struct ThreeBodyTransition(double Reward, bool Terminated, bool Truncated, ThreeBodyInfo Info);
