using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>An environment in which every decision says what to do and for how long: each action of another one, held for 1, 2, 4 … 2^(K − 1) of its steps.</summary>
/// <remarks>
/// The switch-cost formulation of TaCoS (arXiv 2406.01163). Discrete: action index = action · K + rung. Continuous: the vector with the rung behind it (<see cref="HeldSpace"/>). The reward is Σ γ^i·r_i over the steps that were made and the
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
    private readonly int _first;
    private readonly float[] _action;
    private readonly IMaskedEnvironment? _masked;
    private readonly bool[] _allowed;

    /// <summary>Makes an environment.</summary>
    /// <param name="inner">The one whose actions are held, discrete or of a box. It belongs to this one from now on.</param>
    /// <param name="rungs">K, how many durations there are, 1 … 16.</param>
    /// <param name="discount">γ per tick, in [0, 1]: the one of the learner.</param>
    /// <param name="firstRung">The first rung, 0 … 15: with one rung, actions are always held 2^firstRung steps.</param>
    /// <exception cref="ArgumentException">The actions are neither discrete nor of a box, or a number is out of its range.</exception>
    public HeldEnvironment(IEnvironment inner, int rungs, double discount, int firstRung = 0)
    {
        ArgumentNullException.ThrowIfNull(inner);
        if (rungs is < 1 or > MostRungs || firstRung < 0 || firstRung + rungs > MostRungs || discount is not (>= 0 and <= 1)) throw new ArgumentException(FormattableString.Invariant($"{inner.Name}: {rungs} rungs from {firstRung} on and discount {discount}; must be in [1, {MostRungs}] together, and in [0, 1]."));
        (_inner, Rungs, _discount, _first) = (inner, rungs, discount, firstRung);
        _masked = inner is IMaskedEnvironment { IsMasked: true } masked ? masked : null;
        ActionSpace = inner.ActionSpace switch
        {
            DiscreteSpace actions => new DiscreteSpace(actions.Count * rungs),
            BoxSpace box => new HeldSpace(box, rungs),
            _ => throw new ArgumentException($"{inner.Name}: actions of {inner.ActionSpace.GetType().Name} cannot be held; they must be discrete or of a box.", nameof(inner)),
        };
        _allowed = new bool[_masked is null ? 0 : ((DiscreteSpace)inner.ActionSpace).Count];
        _action = new float[inner.ActionSpace.Width];
        Name = FormattableString.Invariant($"{inner.Name}/held{(firstRung == 0 ? "" : $"{firstRung}+")}{rungs}@{discount}");
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public BoxSpace ObservationSpace => _inner.ObservationSpace;

    /// <inheritdoc/>
    public Space ActionSpace { get; }

    /// <inheritdoc/>
    public double TickSeconds => _inner.TickSeconds;

    /// <summary>Gets how many durations there are; rung k holds for 2^(first + k) steps.</summary>
    public int Rungs { get; }

    /// <inheritdoc/>
    public bool IsMasked => _masked is not null;

    /// <inheritdoc/>
    public void Reset(ulong seed, Span<float> observation) => _inner.Reset(seed, observation);

    /// <inheritdoc/>
    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        int rung = Split(action), steps = 1 << (_first + rung), ticks = 0;
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
        while (--steps > 0 && !result.Done && IsStillAllowed((int)_action[0]));
        return result with { Reward = reward, Ticks = ticks, Joules = joules };
    }

    /// <inheritdoc/>
    public void Allowed(Span<bool> allowed)
    {
        int choices = ActionSpace is DiscreteSpace c ? c.Count : Rungs;
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

    // Fills the action to hold and returns for how long.
    private int Split(ReadOnlySpan<float> action)
    {
        if (ActionSpace is HeldSpace held)
        {
            if (action.Length != held.Width || !held.HasRung(action[^1])) throw new ArgumentException($"{Name}: an action of {action.Length} numbers is given; it must have {held.Width}, the last one a rung from 0 to {Rungs - 1}.", nameof(action));
            action[..^1].CopyTo(_action);
            return (int)action[^1];
        }
        if (!ActionSpace.Contains(action)) throw new ArgumentException($"{Name}: the action is none of 0 to {((DiscreteSpace)ActionSpace).Count - 1}.", nameof(action));
        int index = (int)action[0];
        _action[0] = index / Rungs;
        return index % Rungs;
    }

    private bool IsStillAllowed(int action)
    {
        if (_masked is null) return true;
        _masked.Allowed(_allowed);
        return _allowed[action];
    }
}
