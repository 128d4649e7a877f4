using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>Soft actor-critic with learned entropy weights (Haarnoja et al. 2018), for continuous actions, and for those that are held for a chosen time.</summary>
/// <remarks>
/// V(s′) = Σ_k π(k|s′)·[min Q̄(s′, u_k, k) − w_k·(α_u·log π(u_k|s′, k) + α_k·log π(k|s′))], y = R + γ^n·V(s′) with γ^n = 0 only after a real end, and the policy minimises the same sum: the
/// expectation over durations k is exact, u_k is reparameterised (adaptive time-stepping notes §8.2, form b). Without durations that is the ordinary algorithm. w_k = (1 − γ^n_k)/(1 − γ)/n_ref
/// counts entropy by the time a decision is held. α_u and α_k steer the entropies to −dim(u) and to a share of ln(allowed durations). Order of updates and defaults as in Stable-Baselines3
/// 2.4.1. Everything random comes from one generator. Not thread-safe. Neither acting nor updating allocates.
/// </remarks>
public sealed class Sac : IAgent
{
    private readonly VectorEnvironment _environment;
    private readonly SacOptions _options;
    private readonly SquashedActor _actor;
    private readonly SacCritics _critics;
    private readonly SacUpdate _update;
    private readonly ReplayBuffer _replay;
    private readonly RandomStream _random;
    private readonly SquashedDraw _draw;
    private readonly int _width, _copies, _actionWidth, _choices;
    private readonly float[] _seen, _scaled, _stored, _actions;
    private readonly bool[] _allowed;

    /// <summary>Makes an agent with fresh weights and starts its environment.</summary>
    /// <param name="environment">Where it learns; it belongs to the agent from now on.</param>
    /// <param name="options">How it learns.</param>
    /// <param name="seed">The seed of weights, noise, draws and episodes.</param>
    /// <exception cref="ArgumentException">The actions are not those of a bounded box, held or not.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public Sac(VectorEnvironment environment, SacOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        (_environment, _options, Seed, _width, _copies) = (environment, options, seed, environment.ObservationSpace.Width, environment.Count);
        _actor = new SquashedActor(_width, options.Hidden, environment.ActionSpace, options.ScaleObservations);
        _actor.Network.Initialize(seed);
        _actionWidth = environment.ActionSpace.Width;
        _choices = environment.IsMasked ? _actor.Rungs : 0;
        _critics = new SacCritics(_width, _actor.ActionWidth, _actor.Rungs, options, seed);
        _update = new SacUpdate(_actor, _critics, options, _actionWidth, _choices);
        _replay = new ReplayBuffer(_width, _actionWidth, _copies, new ReplayOptions { Capacity = options.ReplayCapacity, Steps = options.Steps, Discount = options.Discount, MaskedChoices = _choices, KeepsPresentMasks = true });
        _random = RandomStream.For(seed, "sac");
        _draw = new SquashedDraw(_copies, _actor.Rungs, _actor.ActionWidth);
        (_seen, _scaled, _stored, _actions) = (new float[_copies * _width], new float[_copies * _width], new float[_copies * _actionWidth], new float[_copies * _actionWidth]);
        _allowed = new bool[environment.Allowed.Length];
        Energy = new DualVariable(options.Energy);
        environment.Reset(seed);
        _actor.Scaling?.Add(environment.Observations);
    }

    /// <inheritdoc/>
    public ulong Seed { get; }

    /// <inheritdoc/>
    public long Steps { get; private set; }

    /// <summary>Gets the updates made.</summary>
    public long Updates => _update.Updates;

    /// <inheritdoc/>
    public VectorEnvironment Environment => _environment;

    /// <inheritdoc/>
    public IActor Actor => _actor;

    /// <summary>Gets the actor with its network.</summary>
    public SquashedActor Policy => _actor;

    /// <summary>Gets what a joule costs now.</summary>
    public DualVariable Energy { get; }

    /// <inheritdoc/>
    public ulong Configuration => RandomStream.Fnv1a(FormattableString.Invariant($"sac {_options.Description} {Seed} {_environment.Name} {_copies} {_width} {_actor.ActionWidth} {_actor.Rungs} {_choices}"));

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, double Value)> Figures => [.. _update.Figures, ("updates", Updates), ("energy_price", Energy.Price)];

    /// <inheritdoc/>
    public void Train(long steps, CancellationToken stop = default)
    {
        while (Steps < steps)
        {
            stop.ThrowIfCancellationRequested();
            long before = Steps;
            Act();
            // With n steps the first transition may come after the first updates are due.
            if (Steps < _options.LearningStarts || Steps / _options.TrainEvery == before / _options.TrainEvery || _replay.Count == 0) continue;
            for (int i = 0; i < _options.UpdatesPerTraining; i++) _update.Run(_replay, _random, Energy.Price, Steps);
        }
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(Steps);
        w.Write(_random);
        StatePart.Write(w, _actor);
        foreach (var critic in _critics.All) Perceptron.Freeze(w, critic);
        _update.Freeze(w);
        StatePart.Write(w, _environment);
        StatePart.Write(w, _replay);
        StatePart.Write(w, Energy);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "SAC");
        Steps = r.Read<long>();
        r.Require(Steps >= 0, "a count");
        r.Read(_random);
        _actor.Thaw(r.ReadBytes());
        foreach (var critic in _critics.All) Perceptron.Thaw(ref r, critic);
        _update.Thaw(ref r);
        _environment.Thaw(r.ReadBytes());
        _replay.Thaw(r.ReadBytes());
        Energy.Thaw(r.ReadBytes());
        r.End();
    }

    private void Act()
    {
        _environment.Observations.CopyTo(_seen);
        _environment.Allowed.CopyTo(_allowed);
        if (Steps < _options.LearningStarts) Explore();
        else Follow();
        for (int i = 0; i < _copies; i++)
        {
            for (int k = 0; k < _actor.ActionWidth; k++) _actions[i * _actionWidth + k] = _actor.InBox(k, _stored[i * _actionWidth + k]);
            if (_actionWidth > _actor.ActionWidth) _actions[(i + 1) * _actionWidth - 1] = _stored[(i + 1) * _actionWidth - 1];
        }
        _environment.Step(_actions);
        for (int i = 0; i < _copies; i++)
        {
            var result = _environment.Results[i];
            var next = _choices == 0 ? default : _environment.FinalAllowed.Slice(i * _choices, _choices);
            _replay.Add(i, _seen.AsSpan(i * _width, _width), _stored.AsSpan(i * _actionWidth, _actionWidth), result, _environment.FinalObservations.Slice(i * _width, _width), next, Mask(i));
            Energy.Add(result.Joules, result.Ticks * _environment.TickSeconds);
        }
        _actor.Scaling?.Add(_environment.Observations);
        Steps += _copies;
    }

    private void Explore()
    {
        for (int i = 0; i < _copies; i++)
        {
            for (int k = 0; k < _actor.ActionWidth; k++) _stored[i * _actionWidth + k] = (float)_random.NextDouble(-1, 1);
            if (_actionWidth > _actor.ActionWidth) _stored[(i + 1) * _actionWidth - 1] = RandomChoice.Draw(_random, _actor.Rungs, _actor.Rungs, Mask(i));
        }
    }

    private void Follow()
    {
        _seen.CopyTo(_scaled, 0);
        _actor.Scaling?.Scale(_seen, _scaled);
        _draw.Run(_random, _actor.Network.Forward(new LayerPass(1, _copies), _scaled), _allowed);
        for (int i = 0; i < _copies; i++)
        {
            int rung = _draw.Rung(_random, i), width = _actor.ActionWidth;
            _draw.Actions.AsSpan((i * _actor.Rungs + rung) * width, width).CopyTo(_stored.AsSpan(i * _actionWidth));
            if (_actionWidth > width) _stored[(i + 1) * _actionWidth - 1] = rung;
        }
    }

    private ReadOnlySpan<bool> Mask(int copy) => _choices == 0 ? default : _allowed.AsSpan(copy * _choices, _choices);
}
