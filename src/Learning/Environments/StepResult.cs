namespace EdgeAutonomy.Learning;

/// <summary>What one step of an environment gave, besides the observation.</summary>
/// <param name="Reward">The reward of this step.</param>
/// <param name="Terminated">Whether the task has really ended: nothing comes after, the value of the next state is zero.</param>
/// <param name="Truncated">Whether the episode was cut off by a limit: the next state still has a value, learners bootstrap from it. Both may be set, as in Gymnasium; the real end counts then.</param>
/// <param name="Ticks">How many ticks of the environment the step really took, at least 1; 1 where actions are not held. Discounts are per tick.</param>
/// <param name="Joules">The energy that the step took, in J, not discounted; 0 where energy is no matter. What a joule costs is the learner's matter.</param>
public readonly record struct StepResult(double Reward, bool Terminated, bool Truncated, int Ticks = 1, double Joules = 0)
{
    /// <summary>Gets whether the episode is over for either reason.</summary>
    public bool Done => Terminated || Truncated;
}
