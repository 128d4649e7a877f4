using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>An environment in which every decision says what to do and for how long: each action of another one, held for 1, 2, 4 … 2^(K − 1) of its steps.</summary>
/// <remarks>
/// The switch-cost formulation of TaCoS (arXiv 2406.01163). Action index = action · K + rung. The reward is Σ γ^i·r_i over the steps that were made and the
/// result carries their number, so that a learner discounts by γ^n and not once per decision, which would make long holds look cheap to wait for. The end of an
/// episode ends the hold early, and n is what was executed: a step limit that observations do not show coming therefore lowers the value of long holds a
/// little, where decisions cost. What a decision costs is the learner's matter (<see cref="DoubleDqnOptions.DecisionCost"/>). For undiscounted returns, as
/// reports need them, make one with the discount 1. Not thread-safe; allocation-free after construction.
/// </remarks>
public sealed class HeldEnvironment : IEnvironment
{
    private const int MostRungs = 16;
    private readonly IEnvironment _inner;
    private readonly double _discount;
    private readonly float[] _action = new float[1];

    /// <summary>Makes an environment.</summary>
    /// <param name="inner">The one whose actions are held; its actions are discrete. It belongs to this one from now on.</param>
    /// <param name="rungs">K, how many durations there are, 1 … 16.</param>
    /// <param name="discount">γ per tick, in [0, 1]: the one of the learner.</param>
    /// <exception cref="ArgumentException">The actions are not discrete, or a number is out of its range.</exception>
    public HeldEnvironment(IEnvironment inner, int rungs, double discount)
    {
        if (inner.ActionSpace is not DiscreteSpace actions) throw new ArgumentException($"{inner.Name}: only discrete actions are held for a chosen time.", nameof(inner));
        if (rungs is < 1 or > MostRungs || discount is not (>= 0 and <= 1)) throw new ArgumentException(FormattableString.Invariant($"{inner.Name}: {rungs} rungs and discount {discount}; must be in [1, {MostRungs}] and [0, 1]."));
        (_inner, Rungs, _discount) = (inner, rungs, discount);
        ActionSpace = new DiscreteSpace(actions.Count * rungs);
        Name = FormattableString.Invariant($"{inner.Name}/held{rungs}@{discount}");
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public BoxSpace ObservationSpace => _inner.ObservationSpace;

    /// <inheritdoc/>
    public Space ActionSpace { get; }

    /// <inheritdoc/>
    public double TickSeconds => _inner.TickSeconds;

    /// <summary>Gets how many durations there are; rung k holds for 2^k steps.</summary>
    public int Rungs { get; }

    /// <inheritdoc/>
    public void Reset(ulong seed, Span<float> observation) => _inner.Reset(seed, observation);

    /// <inheritdoc/>
    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        if (!ActionSpace.Contains(action)) throw new ArgumentException($"{Name}: the action is none of 0 to {((DiscreteSpace)ActionSpace).Count - 1}.", nameof(action));
        int index = (int)action[0], steps = 1 << (index % Rungs), ticks = 0;
        _action[0] = index / Rungs;
        double reward = 0, factor = 1;
        StepResult result;
        do
        {
            result = _inner.Step(_action, observation);
            reward += factor * result.Reward;
            for (int i = 0; i < result.Ticks; i++) factor *= _discount;
            ticks += result.Ticks;
        }
        while (--steps > 0 && !result.Done);
        return result with { Reward = reward, Ticks = ticks };
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer) => _inner.Freeze(writer);

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state) => _inner.Thaw(state);
}
