using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>An environment in which every decision says what to do and for how long: each action of another one, held for 1, 2, 4 … 2^(K − 1) of its steps.</summary>
/// <remarks>
/// The switch-cost formulation of TaCoS (arXiv 2406.01163). Action index = action · K + rung. The reward is Σ γ^i·r_i over the steps that were made and the
/// result carries their number, so that a learner discounts by γ^n and not once per decision, which would make long holds look cheap to wait for. The end of an
/// episode ends the hold early, and n is what was executed: a step limit that observations do not show coming therefore lowers the value of long holds a
/// little, where decisions cost. What a decision costs is the learner's matter (<see cref="DoubleDqnOptions.DecisionCost"/>). For undiscounted returns, as
/// reports need them, make one with the discount 1. Energies are added up without discount. Where actions are masked, a held action is allowed at every rung while it is allowed
/// now, and a hold ends early when its action is no longer: that is an interruption, with the ticks executed. Not thread-safe; allocation-free after construction.
/// </remarks>
public sealed class HeldEnvironment : IMaskedEnvironment
{
    private const int MostRungs = 16;
    private readonly IEnvironment _inner;
    private readonly double _discount;
    private readonly float[] _action = new float[1];
    private readonly IMaskedEnvironment? _masked;
    private readonly bool[] _allowed;

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
        _masked = inner is IMaskedEnvironment { IsMasked: true } masked ? masked : null;
        _allowed = new bool[_masked is null ? 0 : actions.Count];
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
    public bool IsMasked => _masked is not null;

    /// <inheritdoc/>
    public void Reset(ulong seed, Span<float> observation) => _inner.Reset(seed, observation);

    /// <inheritdoc/>
    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        if (!ActionSpace.Contains(action)) throw new ArgumentException($"{Name}: the action is none of 0 to {((DiscreteSpace)ActionSpace).Count - 1}.", nameof(action));
        int index = (int)action[0], steps = 1 << (index % Rungs), ticks = 0;
        _action[0] = index / Rungs;
        double reward = 0, factor = 1, joules = 0;
        StepResult result;
        do
        {
            result = _inner.Step(_action, observation);
            reward += factor * result.Reward;
            for (int i = 0; i < result.Ticks; i++) factor *= _discount;
            ticks += result.Ticks;
            joules += result.Joules;
        }
        while (--steps > 0 && !result.Done && IsStillAllowed(index / Rungs));
        return result with { Reward = reward, Ticks = ticks, Joules = joules };
    }

    /// <inheritdoc/>
    public void Allowed(Span<bool> allowed)
    {
        int choices = ((DiscreteSpace)ActionSpace).Count;
        if (allowed.Length != choices) throw new ArgumentException($"{Name}: {allowed.Length} flags are given for {choices} actions.", nameof(allowed));
        if (_masked is null)
        {
            allowed.Fill(true);
            return;
        }
        _masked.Allowed(_allowed);
        for (int i = 0; i < choices; i++) allowed[i] = _allowed[i / Rungs];
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer) => _inner.Freeze(writer);

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state) => _inner.Thaw(state);

    private bool IsStillAllowed(int action)
    {
        if (_masked is null) return true;
        _masked.Allowed(_allowed);
        return _allowed[action];
    }
}
