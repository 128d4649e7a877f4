using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>Copies of an environment that step together and start over by themselves: Gymnasium's SyncVectorEnv with autoreset in the same step.</summary>
/// <remarks>
/// Where an episode ends, <see cref="Observations"/> already holds the first observation of the next one and <see cref="FinalObservations"/> the last of the old one, which
/// learners need to bootstrap a truncated episode. The seed of episode e of copy i is a function of the seed, i and e, with its highest bit set: no training episode has
/// a seed below 2^63, where seeds for validation and tests are chosen. Not thread-safe; allocation-free after construction. Spans are valid until the next step.
/// </remarks>
public sealed class VectorEnvironment : IFreezable
{
    private const int RecentEpisodes = 100;
    private readonly IEnvironment[] _environments;
    private readonly float[] _observations, _final;
    private readonly StepResult[] _results;
    private readonly double[] _running, _returns;
    private readonly int[] _lengths, _finished;
    private readonly IMaskedEnvironment[] _masked;
    private readonly bool[] _allowed, _finalAllowed;
    private readonly int _choices;
    private readonly long[] _episodes;
    private readonly ArrayBufferWriter<byte> _frozen = new();
    private readonly double[] _recent = new double[RecentEpisodes];
    private ulong _seed;
    private bool _started;

    /// <summary>Makes a vector of environments.</summary>
    /// <param name="environments">The copies; at least one, all with the same name and spaces. They belong to the vector from now on.</param>
    /// <exception cref="ArgumentException">There is none, or they differ.</exception>
    public VectorEnvironment(params ReadOnlySpan<IEnvironment> environments)
    {
        if (environments.IsEmpty) throw new ArgumentException("A vector needs at least one environment.", nameof(environments));
        _environments = environments.ToArray();
        var first = _environments[0];
        for (int i = 1; i < _environments.Length; i++)
        {
            var e = _environments[i];
            if (e.Name != first.Name || e.ObservationSpace != first.ObservationSpace || e.ActionSpace != first.ActionSpace || Masked(e) != Masked(first))
            {
                throw new ArgumentException($"Environment {i} is '{e.Name}', environment 0 is '{first.Name}'; names, spaces and whether actions are masked must be the same.", nameof(environments));
            }
        }
        int n = _environments.Length;
        (_observations, _final) = (new float[n * first.ObservationSpace.Width], new float[n * first.ObservationSpace.Width]);
        IsMasked = Masked(first);
        _choices = first.ActionSpace switch { DiscreteSpace choices => choices.Count, HeldSpace held => held.Rungs, _ => 0 };
        if (IsMasked && _choices == 0) throw new ArgumentException($"'{first.Name}' masks actions that are not discrete.", nameof(environments));
        _masked = IsMasked ? [.. _environments.Cast<IMaskedEnvironment>()] : [];
        (_allowed, _finalAllowed) = (new bool[_masked.Length * _choices], new bool[_masked.Length * _choices]);
        (_results, _running, _returns, _lengths, _finished, _episodes) = (new StepResult[n], new double[n], new double[n], new int[n], new int[n], new long[n]);
    }

    /// <summary>Gets how many copies there are.</summary>
    public int Count => _environments.Length;

    /// <summary>Gets the name of the environment.</summary>
    public string Name => _environments[0].Name;

    /// <summary>Gets the time of one tick, in seconds.</summary>
    public double TickSeconds => _environments[0].TickSeconds;

    /// <summary>Gets where the observations of one copy lie.</summary>
    public BoxSpace ObservationSpace => _environments[0].ObservationSpace;

    /// <summary>Gets where the actions of one copy lie.</summary>
    public Space ActionSpace => _environments[0].ActionSpace;

    /// <summary>Gets what to act on, [copy, observation].</summary>
    public ReadOnlySpan<float> Observations => _observations;

    /// <summary>Gets the observations that the last step led to, [copy, observation]; they differ from <see cref="Observations"/> only where an episode ended.</summary>
    public ReadOnlySpan<float> FinalObservations => _final;

    /// <summary>Gets whether actions are masked.</summary>
    public bool IsMasked { get; }

    /// <summary>Gets which actions are allowed in the states of <see cref="Observations"/>, [copy, action]; empty where nothing is masked.</summary>
    public ReadOnlySpan<bool> Allowed => _allowed;

    /// <summary>Gets which actions are allowed in the states of <see cref="FinalObservations"/>, [copy, action]; empty where nothing is masked.</summary>
    public ReadOnlySpan<bool> FinalAllowed => _finalAllowed;

    /// <summary>Gets rewards and ends of the last step, [copy].</summary>
    public ReadOnlySpan<StepResult> Results => _results;

    /// <summary>Gets the undiscounted return of the last finished episode, [copy]; new where the last result is done.</summary>
    public ReadOnlySpan<double> Returns => _returns;

    /// <summary>Gets the steps of the last finished episode, [copy].</summary>
    public ReadOnlySpan<int> Lengths => _finished;

    /// <summary>Gets the finished episodes of all copies since the last <see cref="Reset"/>.</summary>
    public long Episodes { get; private set; }

    /// <summary>Gets the mean return of the last 100 finished episodes, or of all where they are fewer; NaN before the first.</summary>
    public double RecentReturn
    {
        get
        {
            double sum = 0;
            int count = (int)Math.Min(Episodes, RecentEpisodes);
            for (int i = 0; i < count; i++) sum += _recent[i];
            return sum / count;
        }
    }

    /// <summary>Returns the seed of an episode.</summary>
    /// <param name="seed">The seed of the vector.</param>
    /// <param name="copy">Which copy, from 0.</param>
    /// <param name="episode">Which of its episodes, from 0.</param>
    public static ulong EpisodeSeed(ulong seed, int copy, long episode) => new CounterRandom(seed).For((ulong)copy).Bits((ulong)episode) | 1UL << 63;

    /// <summary>Starts all copies over.</summary>
    /// <param name="seed">The seed of all their episodes.</param>
    public void Reset(ulong seed)
    {
        (_seed, _started, Episodes) = (seed, true, 0);
        Array.Clear(_results);
        Array.Clear(_running);
        Array.Clear(_returns);
        Array.Clear(_recent);
        Array.Clear(_lengths);
        Array.Clear(_finished);
        Array.Clear(_episodes);
        for (int i = 0; i < Count; i++)
        {
            _environments[i].Reset(EpisodeSeed(seed, i, 0), Of(_observations, i));
            if (IsMasked) Ask(i, _allowed);
        }
        _observations.CopyTo(_final, 0);
        _allowed.CopyTo(_finalAllowed, 0);
    }

    /// <summary>Makes one step in every copy.</summary>
    /// <param name="actions">[copy, action].</param>
    /// <exception cref="ArgumentException">The span has another length, or an action is refused; copies before it have stepped then: reset.</exception>
    /// <exception cref="InvalidOperationException">It was never reset, or a mask allows nothing.</exception>
    public void Step(ReadOnlySpan<float> actions)
    {
        int width = ActionSpace.Width;
        if (!_started) throw new InvalidOperationException($"{Name}: call Reset before the first step.");
        if (actions.Length != Count * width) throw new ArgumentException($"{Name}: {actions.Length} numbers are given for {Count} actions of {width}.", nameof(actions));
        for (int i = 0; i < Count; i++)
        {
            var final = Of(_final, i);
            var result = _environments[i].Step(actions.Slice(i * width, width), final);
            _results[i] = result;
            _running[i] += result.Reward;
            _lengths[i]++;
            if (IsMasked) AskAfterStep(i, result.Done);
            if (result.Done) Finish(i);
            else final.CopyTo(Of(_observations, i));
        }
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(Count);
        w.Write(_seed);
        w.Write(_started);
        w.Write(Episodes);
        w.WriteSpan<float>(_observations);
        w.WriteSpan<float>(_final);
        w.WriteSpan<double>(_running);
        w.WriteSpan<double>(_returns);
        w.WriteSpan<double>(_recent);
        w.WriteSpan<int>(_lengths);
        w.WriteSpan<int>(_finished);
        w.WriteSpan<long>(_episodes);
        w.WriteSpan<bool>(_allowed);
        w.WriteSpan<bool>(_finalAllowed);
        foreach (var r in _results)
        {
            w.Write(r.Reward);
            w.Write(r.Terminated);
            w.Write(r.Truncated);
            w.Write(r.Ticks);
            w.Write(r.Joules);
        }
        foreach (var e in _environments)
        {
            _frozen.ResetWrittenCount();
            e.Freeze(_frozen);
            w.WriteSpan(_frozen.WrittenSpan);
        }
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, $"vector of {Name}");
        r.Expect(Count, "environments");
        _seed = r.Read<ulong>();
        _started = r.ReadBoolean();
        Episodes = r.Read<long>();
        r.Require(Episodes >= 0, "a count of episodes");
        r.ReadSpan<float>(_observations);
        r.ReadSpan<float>(_final);
        r.ReadSpan<double>(_running);
        r.ReadSpan<double>(_returns);
        r.ReadSpan<double>(_recent);
        r.ReadSpan<int>(_lengths);
        r.ReadSpan<int>(_finished);
        r.ReadSpan<long>(_episodes);
        Flags.Read(ref r, _allowed, "a flag in a mask");
        Flags.Read(ref r, _finalAllowed, "a flag in a mask");
        for (int i = 0; i < Count; i++) _results[i] = new StepResult(r.Read<double>(), r.ReadBoolean(), r.ReadBoolean(), r.ReadInt32(0, int.MaxValue), r.Read<double>());
        foreach (var e in _environments) e.Thaw(r.ReadBytes());
        r.End();
    }

    private void Finish(int i)
    {
        (_returns[i], _finished[i]) = (_running[i], _lengths[i]);
        (_running[i], _lengths[i]) = (0, 0);
        _recent[Episodes++ % RecentEpisodes] = _returns[i];
        _environments[i].Reset(EpisodeSeed(_seed, i, ++_episodes[i]), Of(_observations, i));
        if (IsMasked) Ask(i, _allowed);
    }

    private void AskAfterStep(int i, bool done)
    {
        Ask(i, _finalAllowed);
        if (!done) _finalAllowed.AsSpan(i * _choices, _choices).CopyTo(_allowed.AsSpan(i * _choices));
    }

    private void Ask(int i, bool[] all)
    {
        var flags = all.AsSpan(i * _choices, _choices);
        _masked[i].Allowed(flags);
        if (!flags.Contains(true)) throw new InvalidOperationException($"{Name}: the mask of copy {i} allows none of {_choices} actions; an environment must leave at least the safe one.");
    }

    private static bool Masked(IEnvironment environment) => environment is IMaskedEnvironment { IsMasked: true };

    private Span<float> Of(float[] all, int copy) => all.AsSpan(copy * ObservationSpace.Width, ObservationSpace.Width);
}
