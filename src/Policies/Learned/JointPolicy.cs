using System.Buffers;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Policies;

/// <summary>Drives to the goal with a learned network that chooses the motion and its own next period in one decision; by rules where it must not or cannot.</summary>
/// <remarks>
/// Put it before a <see cref="PolicyPacer"/>, which takes the period that it proposes. The rules of <see cref="GoToGoalPolicy"/> decide at rest, in recovery, where the mask leaves nothing, and where the network gives a value that is
/// not finite; <see cref="LearnedShare"/> tells how often it was asked. Loop thread; allocates nothing per call; deterministic with the managed engine.
/// </remarks>
public sealed class JointPolicy : IPolicy<Percept, Twist2>, IFreezable, IPayload, IDisposable
{
    private readonly LearnedPolicy _learned;
    private readonly JointDriver _driver;
    private long _decisions, _chosen;

    /// <summary>Makes a policy.</summary>
    /// <param name="learned">The network with its card; owned from here on.</param>
    /// <param name="driver">What surrounds it.</param>
    /// <param name="name">The stage's name.</param>
    /// <exception cref="InvalidDataException">The network was trained for another contract.</exception>
    public JointPolicy(LearnedPolicy learned, JointDriver driver, string name = "joint-policy")
    {
        if (learned.Card.Schema.Hash != driver.Schema.Hash) throw new InvalidDataException($"Policy '{learned.Card.Name}' has the contract {learned.Card.Schema.Hash}, this robot {driver.Schema.Hash}; load it with the robot's contract to see what differs.");
        (_learned, _driver, Name) = (learned, driver, name);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Gets the network's card.</summary>
    public PolicyCard Card => _learned.Card;

    /// <summary>Gets the share of decisions that the network made.</summary>
    public double LearnedShare => _decisions == 0 ? 0 : (double)_chosen / _decisions;

    /// <inheritdoc/>
    /// <remarks>Failed(NotFinite) with the resting action when the odometry is NaN, infinite or beyond 1000 km; Degraded where the network gave no finite value and the rules decided.</remarks>
    public StageStatus Decide(in Percept percept, ref Decision<Twist2> decision, in CycleContext context)
    {
        decision.Action = Twist2.Rest;
        if (!_driver.Look(percept, context, _learned.Observation)) return StageStatus.Failed(FailureCode.NotFinite);
        _decisions++;
        if (!_driver.HasChoice) return _driver.FallBack(ref decision);
        if (!_learned.TryChoose(_driver.Deadlines, out var choice) || choice.IsForced)
        {
            _driver.FallBack(ref decision);
            return StageStatus.Degraded;
        }
        _chosen++;
        return _driver.Act(choice.Action, choice.Period, ref decision);
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        _driver.AddTo(ref hasher);
        _learned.AddTo(ref hasher);
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        _learned.Freeze(writer);
        _driver.Freeze(writer);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        int learned = Math.Min(_learned.StateBytes, state.Length);
        _learned.Thaw(state[..learned]);
        _driver.Thaw(state[learned..]);
    }

    /// <inheritdoc/>
    public void Dispose() => _learned.Dispose();
}
