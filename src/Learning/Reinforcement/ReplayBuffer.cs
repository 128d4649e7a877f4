using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>The newest transitions of one or more streams of experience, drawn uniformly or by priority, over one or n steps.</summary>
/// <remarks>
/// A transition over n steps is stored when its last step is known; an episode that ends earlier gives shorter ones, and none reaches into the next episode.
/// A real end (terminated) has the discount 0, a truncation keeps it. Frozen and thawed, it draws the same transitions bit for bit. Not
/// thread-safe; allocation-free after construction.
/// </remarks>
public sealed class ReplayBuffer : IFreezable
{
    private const int MostSteps = 64;
    private readonly ReplayOptions _options;
    private readonly int _observation, _action, _maskWords;
    private readonly int _present;
    private readonly ulong[] _presentMasks, _masks; // one bit per action, [transition, word]
    private readonly float[] _observations, _next, _actions, _rewards, _discounts, _decisions, _energies;
    private readonly SumTree? _tree;
    private readonly PendingSteps[] _pending;
    private double _largest = 1;
    private int _head;

    /// <summary>Makes an empty buffer.</summary>
    /// <param name="observationWidth">Numbers per observation, at least 1.</param>
    /// <param name="actionWidth">Numbers per action, at least 1.</param>
    /// <param name="streams">How many environments feed it, at least 1.</param>
    /// <param name="options">What is kept and drawn.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public ReplayBuffer(int observationWidth, int actionWidth, int streams, ReplayOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(observationWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(actionWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(streams, 1);
        Check(options.Capacity >= 1 && options.Capacity <= Array.MaxLength / Math.Max(observationWidth, actionWidth), nameof(options.Capacity), options.Capacity, $"in [1, {Array.MaxLength / Math.Max(observationWidth, actionWidth)}]");
        Check(options.Steps is >= 1 and <= MostSteps, nameof(options.Steps), options.Steps, $"in [1, {MostSteps}]");
        Check(options.Discount is >= 0 and <= 1, nameof(options.Discount), options.Discount, "in [0, 1]");
        Check(options.PriorityPower is >= 0 and <= 1, nameof(options.PriorityPower), options.PriorityPower, "in [0, 1]");
        Check(options.PriorityFloor > 0 && double.IsFinite(options.PriorityFloor), nameof(options.PriorityFloor), options.PriorityFloor, "finite and above 0");
        Check(options.MaskedChoices is >= 0 and <= 1 << 16, nameof(options.MaskedChoices), options.MaskedChoices, "in [0, 65536]");
        int n = options.Capacity;
        _maskWords = (options.MaskedChoices + 63) / 64;
        Check(_maskWords == 0 || n <= Array.MaxLength / _maskWords, nameof(options.Capacity), n, "smaller where so many actions are masked");
        _present = options.KeepsPresentMasks ? options.MaskedChoices : 0;
        (_masks, _presentMasks) = (new ulong[n * _maskWords], new ulong[_present == 0 ? 0 : n * _maskWords]);
        (_options, _observation, _action) = (options, observationWidth, actionWidth);
        (_observations, _next, _actions) = (new float[n * observationWidth], new float[n * observationWidth], new float[n * actionWidth]);
        (_rewards, _discounts, _decisions, _energies) = (new float[n], new float[n], new float[n], new float[n]);
        _tree = options.Prioritised ? new SumTree(n) : null;
        _pending = new PendingSteps[streams];
        for (int i = 0; i < streams; i++) _pending[i] = new PendingSteps(options.Steps, observationWidth, actionWidth, _present);
    }

    /// <summary>Gets how many transitions it holds.</summary>
    public int Count { get; private set; }

    /// <summary>Gets how many it can hold.</summary>
    public int Capacity => _options.Capacity;

    /// <summary>Takes one step of one stream.</summary>
    /// <param name="stream">Which stream, from 0.</param>
    /// <param name="observation">What was seen before.</param>
    /// <param name="action">What was done.</param>
    /// <param name="result">What it gave; its ticks set the discount.</param>
    /// <param name="nextObservation">What was seen after it: at an end, the last observation of the episode and not the first of the next.</param>
    /// <param name="nextAllowed">Which actions are allowed after it; exactly <see cref="ReplayOptions.MaskedChoices"/> flags.</param>
    /// <param name="allowed">Which actions were allowed before it; empty unless <see cref="ReplayOptions.KeepsPresentMasks"/>.</param>
    /// <exception cref="ArgumentException">A span has another length, or the reward or the energy is not finite.</exception>
    public void Add(int stream, ReadOnlySpan<float> observation, ReadOnlySpan<float> action, in StepResult result, ReadOnlySpan<float> nextObservation, ReadOnlySpan<bool> nextAllowed = default, ReadOnlySpan<bool> allowed = default)
    {
        if (nextAllowed.Length != _options.MaskedChoices || allowed.Length != _present) throw new ArgumentException($"Replay: masks of {nextAllowed.Length} and {allowed.Length} flags are given; must have {_options.MaskedChoices} and {_present}.", nameof(nextAllowed));
        if (observation.Length != _observation || nextObservation.Length != _observation || action.Length != _action)
        {
            throw new ArgumentException($"Replay: observations of {observation.Length} and {nextObservation.Length} numbers and an action of {action.Length} are given; must be {_observation}, {_observation} and {_action}.");
        }
        if (!double.IsFinite(result.Reward) || !double.IsFinite(result.Joules) || result.Ticks < 1)
        {
            throw new ArgumentException($"Replay: reward {result.Reward}, energy {result.Joules} J and {result.Ticks} ticks are given; must be finite, finite and 1 or more.", nameof(result));
        }
        var pending = _pending[stream];
        double discount = result.Ticks == 1 ? _options.Discount : DeterministicMath.Pow(_options.Discount, result.Ticks);
        pending.Push(observation, action, allowed, result.Reward, result.Joules, discount);
        if (!result.Done && pending.Count < _options.Steps) return;
        do
        {
            Store(pending, nextObservation, nextAllowed, result.Terminated);
            pending.Pop();
        }
        while (result.Done && pending.Count > 0);
    }

    /// <summary>Draws a batch, with replacement.</summary>
    /// <param name="random">The generator; advanced by one draw per transition.</param>
    /// <param name="batch">Takes the transitions.</param>
    /// <param name="correction">How far the importance weights undo the priorities, in [0, 1] (β of the paper); the largest weight of a batch is 1.</param>
    /// <exception cref="InvalidOperationException">The buffer is empty.</exception>
    public void Sample(RandomStream random, ReplayBatch batch, double correction = 1)
    {
        if (Count == 0) throw new InvalidOperationException("Replay: nothing to draw from; add transitions first.");
        double part = _tree is null ? 0 : _tree.Total / batch.Size, least = double.PositiveInfinity;
        for (int i = 0; i < batch.Size; i++)
        {
            // By priority: one draw from each of equal parts of the mass, which lowers the variance.
            int from = _tree is null ? random.NextInt32(Count) : _tree.Find((i + random.NextDouble()) * part);
            batch.Indices[i] = from;
            Row(_observations, from, _observation).CopyTo(Row(batch.Observations, i, _observation));
            Row(_next, from, _observation).CopyTo(Row(batch.NextObservations, i, _observation));
            Row(_actions, from, _action).CopyTo(Row(batch.Actions, i, _action));
            (batch.Rewards[i], batch.Discounts[i], batch.Decisions[i], batch.Energies[i]) = (_rewards[from], _discounts[from], _decisions[from], _energies[from]);
            int choices = _options.MaskedChoices;
            if (choices > 0) Unpack(_masks.AsSpan(from * _maskWords, _maskWords), batch.NextAllowed.AsSpan(i * choices, choices));
            if (batch.Allowed.Length > 0) Unpack(_presentMasks.AsSpan(from * _maskWords, _maskWords), batch.Allowed.AsSpan(i * choices, choices));
            if (_tree is not null) least = Math.Min(least, _tree[from]);
        }
        // (N·P)^−β over its largest value in the batch is (p_least / p)^β: N and the total cancel.
        for (int i = 0; i < batch.Size; i++) batch.Weights[i] = _tree is null ? 1 : (float)DeterministicMath.Pow(least / _tree[batch.Indices[i]], correction);
    }

    /// <summary>Sets the priorities of drawn transitions to (|error| + floor)^power; does nothing for uniform draws.</summary>
    /// <param name="indices">Where they lie.</param>
    /// <param name="errors">Their errors, as many.</param>
    /// <exception cref="ArgumentException">The lengths differ or an error is not finite.</exception>
    public void UpdatePriorities(ReadOnlySpan<int> indices, ReadOnlySpan<float> errors)
    {
        if (_tree is null) return;
        if (indices.Length != errors.Length) throw new ArgumentException($"Replay: {errors.Length} errors are given for {indices.Length} transitions.", nameof(errors));
        for (int i = 0; i < indices.Length; i++)
        {
            if (!float.IsFinite(errors[i])) throw new ArgumentException($"Replay: error {i} is {errors[i]}; must be finite.", nameof(errors));
            double priority = DeterministicMath.Pow(Math.Abs((double)errors[i]) + _options.PriorityFloor, _options.PriorityPower);
            _largest = Math.Max(_largest, priority);
            _tree.Set(indices[i], priority);
        }
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(Capacity);
        w.Write(_options.Steps);
        w.Write(_pending.Length);
        w.Write(Count);
        w.Write(_head);
        w.Write(_largest);
        w.WriteSpan<float>(_observations.AsSpan(0, Count * _observation));
        w.WriteSpan<float>(_next.AsSpan(0, Count * _observation));
        w.WriteSpan<float>(_actions.AsSpan(0, Count * _action));
        w.WriteSpan<float>(_rewards.AsSpan(0, Count));
        w.WriteSpan<float>(_discounts.AsSpan(0, Count));
        w.WriteSpan<float>(_decisions.AsSpan(0, Count));
        w.WriteSpan<float>(_energies.AsSpan(0, Count));
        w.WriteSpan<ulong>(_masks.AsSpan(0, Count * _maskWords));
        w.WriteSpan<ulong>(_presentMasks.AsSpan(0, _present == 0 ? 0 : Count * _maskWords));
        w.WriteSpan(_tree is null ? default : _tree.Leaves(Count));
        foreach (var p in _pending) p.Freeze(w);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "replay");
        r.Expect(Capacity, "capacity");
        r.Expect(_options.Steps, "steps");
        r.Expect(_pending.Length, "streams");
        Count = r.ReadInt32(0, Capacity);
        _head = r.ReadInt32(0, Capacity - 1);
        r.Require(Count == Capacity || _head == Count, "a head away from its end");
        _largest = r.Read<double>();
        r.Require(_largest >= 1 && double.IsFinite(_largest), "a largest priority");
        r.ReadSpan(_observations.AsSpan(0, Count * _observation));
        r.ReadSpan(_next.AsSpan(0, Count * _observation));
        r.ReadSpan(_actions.AsSpan(0, Count * _action));
        r.ReadFinite(_rewards.AsSpan(0, Count), "rewards");
        r.ReadFinite(_discounts.AsSpan(0, Count), "discounts");
        r.ReadFinite(_decisions.AsSpan(0, Count), "decisions");
        r.ReadFinite(_energies.AsSpan(0, Count), "energies");
        r.ReadSpan(_masks.AsSpan(0, Count * _maskWords));
        r.ReadSpan(_presentMasks.AsSpan(0, _present == 0 ? 0 : Count * _maskWords));
        double[] leaves = new double[_tree is null ? 0 : Count];
        r.ReadSpan(leaves.AsSpan());
        foreach (double p in leaves) r.Require(p > 0 && double.IsFinite(p), "a priority");
        _tree?.Restore(leaves);
        foreach (var p in _pending) p.Thaw(ref r);
        r.End();
    }

    private void Store(PendingSteps pending, ReadOnlySpan<float> next, ReadOnlySpan<bool> allowed, bool terminated)
    {
        pending.Observation.CopyTo(Row(_observations, _head, _observation));
        pending.Action.CopyTo(Row(_actions, _head, _action));
        next.CopyTo(Row(_next, _head, _observation));
        Pack(allowed, _masks.AsSpan(_head * _maskWords, _maskWords));
        if (_present > 0) Pack(pending.Allowed, _presentMasks.AsSpan(_head * _maskWords, _maskWords));
        var sums = pending.Sums;
        (_rewards[_head], _decisions[_head], _energies[_head]) = ((float)sums.Reward, (float)sums.Decisions, (float)sums.Joules);
        _discounts[_head] = terminated ? 0 : (float)sums.Discount;
        // A new transition is drawn soon: it gets the largest priority so far.
        _tree?.Set(_head, _largest);
        _head = (_head + 1) % Capacity;
        Count = Math.Min(Capacity, Count + 1);
    }

    private static void Pack(ReadOnlySpan<bool> allowed, Span<ulong> words)
    {
        words.Clear();
        for (int i = 0; i < allowed.Length; i++) words[i >> 6] |= (allowed[i] ? 1UL : 0) << i;
    }

    private static void Unpack(ReadOnlySpan<ulong> words, Span<bool> allowed)
    {
        for (int i = 0; i < allowed.Length; i++) allowed[i] = (words[i >> 6] >> i & 1) != 0;
    }

    private static Span<float> Row(float[] all, int row, int width) => all.AsSpan(row * width, width);

    private static void Check(bool holds, string name, object value, string rule)
    {
        if (!holds) throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"Replay: {name} is {value}; must be {rule}."));
    }
}
