namespace EdgeAutonomy.Learning;

/// <summary>What one arm came to from one seed.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Sampled">Drawn commands, over the arm's candidates.</param>
/// <param name="Greedy">Likeliest commands, over the arm's candidates.</param>
/// <param name="Unmasked">Drawn commands over all candidates, whatever the arm learned with: the grounding that is reported.</param>
/// <param name="Limit">The missions' step limit.</param>
/// <param name="Steps">Environment steps of learning, pre-rollouts included, cloning not.</param>
/// <param name="Log">Figures per iteration.</param>
/// <param name="Quality">How the attributor's contributions agree with the truth; null where nothing was attributed.</param>
/// <param name="Seconds">Wall time of learning, s; NaN = not measured.</param>
public sealed record SpaOutcome(SpaArm Arm, ulong Seed, MissionScore Sampled, MissionScore Greedy, MissionScore Unmasked, int Limit, long Steps, LearningLog Log, SpaQuality? Quality, double Seconds);
