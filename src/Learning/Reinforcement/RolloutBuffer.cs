using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>A stretch of experience of all copies of an environment, with advantages by generalised estimation (GAE; Schulman et al. 2016).</summary>
/// <remarks>
/// A_t = δ_t + γ^n·λ·A_{t+1}·(1 − end), δ_t = R_t + γ^n·V(s_{t+1})·(1 − terminal) − V(s_t), n = ticks of the step, λ per decision. A truncated step bootstraps from
/// the value of its final observation, a terminated one from nothing; neither lets advantages through to the step before the next episode. Arrays are [step, copy] and
/// [step, copy, number]. Not thread-safe; allocation-free after construction.
/// </remarks>
public sealed class RolloutBuffer : IFreezable
{
    private readonly int _steps, _copies, _observation, _action;
    private readonly float[] _observations, _actions, _logProbabilities, _values, _rewards, _finalValues, _advantages, _returns;
    private readonly int[] _ticks;
    private readonly byte[] _ends;
    private readonly bool[] _allowed;
    private readonly int _choices;

    /// <summary>Makes an empty buffer.</summary>
    /// <param name="steps">Steps per stretch, at least 1.</param>
    /// <param name="copies">Copies of the environment, at least 1.</param>
    /// <param name="observationWidth">Numbers per observation, at least 1.</param>
    /// <param name="actionWidth">Numbers per action, at least 1.</param>
    /// <param name="maskedChoices">Choices in the mask of an observation; 0 = nothing is masked.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1, or that of the choices below 0.</exception>
    public RolloutBuffer(int steps, int copies, int observationWidth, int actionWidth, int maskedChoices = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maskedChoices);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(copies, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(observationWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(actionWidth, 1);
        (_steps, _copies, _observation, _action) = (steps, copies, observationWidth, actionWidth);
        int n = steps * copies;
        (_choices, _allowed) = (maskedChoices, new bool[n * maskedChoices]);
        (_observations, _actions, _ticks, _ends) = (new float[n * observationWidth], new float[n * actionWidth], new int[n], new byte[n]);
        (_logProbabilities, _values, _rewards, _finalValues, _advantages, _returns) = (new float[n], new float[n], new float[n], new float[n], new float[n], new float[n]);
    }

    /// <summary>Gets the steps it holds.</summary>
    public int Count { get; private set; }

    /// <summary>Gets whether no further step fits.</summary>
    public bool IsFull => Count == _steps;

    /// <summary>Gets the observations that were acted on, [step, copy, observation].</summary>
    public ReadOnlySpan<float> Observations => _observations.AsSpan(0, Count * _copies * _observation);

    /// <summary>Gets which choices were allowed, [step, copy, choice]; empty where nothing is masked.</summary>
    public ReadOnlySpan<bool> Allowed => _allowed.AsSpan(0, Count * _copies * _choices);

    /// <summary>Gets the actions, [step, copy, action].</summary>
    public ReadOnlySpan<float> Actions => _actions.AsSpan(0, Count * _copies * _action);

    /// <summary>Gets the logarithms of the actions' probabilities when they were drawn, [step, copy].</summary>
    public ReadOnlySpan<float> LogProbabilities => _logProbabilities.AsSpan(0, Count * _copies);

    /// <summary>Gets the values of the observations, [step, copy].</summary>
    public ReadOnlySpan<float> Values => _values.AsSpan(0, Count * _copies);

    /// <summary>Gets the advantages, [step, copy]; valid after <see cref="ComputeAdvantages"/>.</summary>
    public ReadOnlySpan<float> Advantages => _advantages.AsSpan(0, Count * _copies);

    /// <summary>Gets advantage + value, what a critic learns, [step, copy]; valid after <see cref="ComputeAdvantages"/>.</summary>
    public ReadOnlySpan<float> Returns => _returns.AsSpan(0, Count * _copies);

    /// <summary>Forgets all steps.</summary>
    public void Clear() => Count = 0;

    /// <summary>Takes one step of all copies.</summary>
    /// <param name="observations">What was acted on, [copy, observation].</param>
    /// <param name="actions">[copy, action].</param>
    /// <param name="logProbabilities">[copy].</param>
    /// <param name="values">Of those observations, [copy].</param>
    /// <param name="results">What the step gave, [copy].</param>
    /// <param name="finalValues">Values of the final observations, [copy]; read only where a step is truncated and not terminated.</param>
    /// <param name="allowed">Which choices were allowed, [copy, choice]; empty where nothing is masked.</param>
    /// <exception cref="InvalidOperationException">The buffer is full.</exception>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void Add(ReadOnlySpan<float> observations, ReadOnlySpan<float> actions, ReadOnlySpan<float> logProbabilities, ReadOnlySpan<float> values, ReadOnlySpan<StepResult> results, ReadOnlySpan<float> finalValues, ReadOnlySpan<bool> allowed = default)
    {
        if (IsFull) throw new InvalidOperationException($"Rollout: all {_steps} steps are there; call Clear before the next.");
        Check(observations.Length, _copies * _observation, nameof(observations));
        Check(actions.Length, _copies * _action, nameof(actions));
        Check(logProbabilities.Length, _copies, nameof(logProbabilities));
        Check(values.Length, _copies, nameof(values));
        Check(results.Length, _copies, nameof(results));
        Check(finalValues.Length, _copies, nameof(finalValues));
        Check(allowed.Length, _copies * _choices, nameof(allowed));
        int at = Count * _copies;
        observations.CopyTo(_observations.AsSpan(at * _observation));
        actions.CopyTo(_actions.AsSpan(at * _action));
        allowed.CopyTo(_allowed.AsSpan(at * _choices));
        logProbabilities.CopyTo(_logProbabilities.AsSpan(at));
        values.CopyTo(_values.AsSpan(at));
        for (int i = 0; i < _copies; i++)
        {
            var r = results[i];
            bool bootstraps = r.Truncated && !r.Terminated;
            (_rewards[at + i], _ticks[at + i], _ends[at + i]) = ((float)r.Reward, r.Ticks, (byte)(r.Done ? 1 : 0));
            _finalValues[at + i] = bootstraps ? finalValues[i] : 0;
        }
        Count++;
    }

    /// <summary>Computes advantages and returns, from the last step backwards in float64.</summary>
    /// <param name="lastValues">Values of the observations after the last step, [copy]; not read where that step ended an episode.</param>
    /// <param name="discount">γ per tick, in [0, 1].</param>
    /// <param name="lambda">λ per decision, in [0, 1].</param>
    /// <exception cref="ArgumentException">The span has another length, or a factor is out of its range.</exception>
    public void ComputeAdvantages(ReadOnlySpan<float> lastValues, double discount, double lambda)
    {
        Check(lastValues.Length, _copies, nameof(lastValues));
        if (discount is not (>= 0 and <= 1) || lambda is not (>= 0 and <= 1)) throw new ArgumentException($"Rollout: discount {discount} and lambda {lambda}; both must be in [0, 1].");
        for (int i = 0; i < _copies; i++)
        {
            double advantage = 0, next = lastValues[i];
            for (int t = Count - 1; t >= 0; t--)
            {
                int at = t * _copies + i;
                bool end = _ends[at] != 0;
                double factor = _ticks[at] == 1 ? discount : DeterministicMath.Pow(discount, _ticks[at]);
                double delta = _rewards[at] + factor * (end ? _finalValues[at] : next) - _values[at];
                advantage = delta + (end ? 0 : factor * lambda * advantage);
                _advantages[at] = (float)advantage;
                _returns[at] = (float)(advantage + _values[at]);
                next = _values[at];
            }
        }
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(_steps);
        w.Write(_copies);
        w.Write(Count);
        foreach (var array in Arrays()) w.WriteSpan<float>(array);
        w.WriteSpan<int>(_ticks);
        w.WriteSpan<byte>(_ends);
        w.WriteSpan<bool>(_allowed);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "rollout");
        r.Expect(_steps, "steps");
        r.Expect(_copies, "copies");
        Count = r.ReadInt32(0, _steps);
        foreach (var array in Arrays()) r.ReadSpan<float>(array);
        r.ReadSpan<int>(_ticks);
        r.ReadSpan<byte>(_ends);
        Flags.Read(ref r, _allowed, "a flag in a mask");
        r.Require(!_ticks.AsSpan(0, Count * _copies).ContainsAnyInRange(int.MinValue, 0) && !_ends.AsSpan().ContainsAnyInRange((byte)2, byte.MaxValue), "ticks or ends");
        r.End();
    }

    private float[][] Arrays() => [_observations, _actions, _logProbabilities, _values, _rewards, _finalValues, _advantages, _returns];

    private static void Check(int length, int expected, string name)
    {
        if (length != expected) throw new ArgumentException($"Rollout: {name} has {length} elements; must have {expected}.", name);
    }
}
