using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>The three-body problem as a task for learners: a rung of the ladder at every check.</summary>
/// <remarks>
/// A seed below 2^63 is the seed of the initial conditions and must lie in the environment's set; those that <see cref="VectorEnvironment"/> draws for training have the highest bit set and are folded into the
/// set. Not thread-safe; allocation-free after construction.
/// </remarks>
public sealed class ThreeBodyTask : IEnvironment
{
    private readonly ThreeBodyEnvironment _environment;
    private readonly DiscreteSpace _actions;

    /// <summary>Makes a task.</summary>
    /// <param name="options">What it is.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public ThreeBodyTask(ThreeBodyEnvironmentOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _environment = new ThreeBodyEnvironment(options);
        _actions = new DiscreteSpace(_environment.ActionCount);
        float[] high = [.. Enumerable.Repeat(1e6f, _environment.ObservationLength)];
        ObservationSpace = new BoxSpace([.. high.Select(h => -h)], high);
        Name = FormattableString.Invariant($"ThreeBody-{options.Integrator.Name}-{options.Ladder[0]}-{options.Ladder[options.Ladder.Count - 1]}-{options.Ladder.Count}-{options.Observation}-{options.Reward}-{options.Checks}-{options.Tolerance}-{options.Price}-{options.ReferenceCost}-{options.ErrorStop}-{options.TimeLimitIsTerminal}-{options.Seeds}");
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public BoxSpace ObservationSpace { get; }

    /// <inheritdoc/>
    public Space ActionSpace => _actions;

    /// <inheritdoc/>
    public double TickSeconds => ThreeBodySystem.CheckYears * ThreeBodySystem.YearSeconds;

    /// <summary>Gets the environment itself.</summary>
    public ThreeBodyEnvironment Environment => _environment;

    /// <summary>Returns the seed of the initial conditions for an episode's seed.</summary>
    /// <param name="seed">The episode's seed; with the highest bit set it is folded into the set.</param>
    /// <param name="set">The set.</param>
    public static uint Fold(ulong seed, SeedSet set)
    {
        (uint first, uint last) = set.Bounds();
        return seed >> 63 == 0 ? (uint)Math.Min(seed, uint.MaxValue) : first + (uint)((seed & ~(1UL << 63)) % (last - (ulong)first + 1));
    }

    /// <inheritdoc/>
    public void Reset(ulong seed, Span<float> observation)
    {
        if (observation.Length != ObservationSpace.Width) throw new ArgumentException($"{Name}: an observation has {ObservationSpace.Width} numbers, the span {observation.Length}.", nameof(observation));
        _environment.Reset(Fold(seed, _environment.Options.Seeds), observation);
    }

    /// <inheritdoc/>
    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        if (!_actions.Contains(action)) throw new ArgumentException($"{Name}: the action is none of 0 to {_actions.Count - 1}.", nameof(action));
        if (observation.Length != ObservationSpace.Width) throw new ArgumentException($"{Name}: an observation has {ObservationSpace.Width} numbers, the span {observation.Length}.", nameof(observation));
        ThreeBodyTransition made = _environment.Step((int)action[0], observation);
        return new StepResult(made.Reward, made.Terminated, made.Truncated);
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer) => _environment.Save().Write(writer);

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, Name);
        ThreeBodyCheckpoint moment = ThreeBodyCheckpoint.Read(ref r);
        r.End();
        _environment.Restore(moment);
    }
}
