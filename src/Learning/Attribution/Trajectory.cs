using System.Runtime.InteropServices;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>One episode of a mission as a learner needs it: what was seen, what could be chosen, what was chosen, what came of it.</summary>
/// <remarks>
/// Filled step by step: <see cref="Observe"/> before a command, <see cref="Receive"/> after it, <see cref="End"/> once. Rows lie one behind the other in arrays that grow by doubling. Not thread-safe while it is filled;
/// afterwards any number of threads may read it.
/// </remarks>
public sealed class Trajectory
{
    private float[] _states = [], _events = [], _choices = [], _candidates = [], _encodings = [], _logProbabilities = [], _rewards = [];
    private int[] _starts = [0], _chosen = [], _labels = [];
    private bool[] _executable = [], _grounded = [];
    private double _return;

    /// <summary>Makes an empty one.</summary>
    /// <param name="shape">The widths of what is seen.</param>
    /// <param name="encoding">Numbers per step of the policy's own encoding; 0 = none are kept.</param>
    /// <exception cref="ArgumentOutOfRangeException">The width is negative.</exception>
    public Trajectory(MissionShape shape, int encoding = 0)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentOutOfRangeException.ThrowIfNegative(encoding);
        (Shape, EncodingWidth) = (shape, encoding);
    }

    /// <summary>Gets the widths.</summary>
    public MissionShape Shape { get; }

    /// <summary>Gets the numbers per step in <see cref="Encodings"/>; 0 = none.</summary>
    public int EncodingWidth { get; }

    /// <summary>Gets the mission's number in its set; −1 = none.</summary>
    public int Number { get; init; } = -1;

    /// <summary>Gets T, the steps taken.</summary>
    public int Length { get; private set; }

    /// <summary>Gets goal, belief and time before each step, [T, State].</summary>
    public ReadOnlySpan<float> States => _states.AsSpan(0, Length * Shape.State);

    /// <summary>Gets what the step before did and showed, [T, Event].</summary>
    public ReadOnlySpan<float> Events => _events.AsSpan(0, Length * Shape.Event);

    /// <summary>Gets the commands that were chosen, in numbers, [T, Candidate].</summary>
    public ReadOnlySpan<float> Choices => _choices.AsSpan(0, Length * Shape.Candidate);

    /// <summary>Gets the policy's own encoding of each history at the time it acted, [T, EncodingWidth].</summary>
    public ReadOnlySpan<float> Encodings => _encodings.AsSpan(0, Length * EncodingWidth);

    /// <summary>Gets all candidates of all steps, [Starts[T], Candidate]; empty after <see cref="WithoutCandidates"/>.</summary>
    public ReadOnlySpan<float> Candidates => _candidates.AsSpan(0, HasCandidates ? _starts[Length] * Shape.Candidate : 0);

    /// <summary>Gets which candidates could be carried out when they were offered, [Starts[T]]; empty after <see cref="WithoutCandidates"/>.</summary>
    public ReadOnlySpan<bool> Executable => _executable.AsSpan(0, HasCandidates ? _starts[Length] : 0);

    /// <summary>Gets where the candidates of each step begin, [T + 1].</summary>
    public ReadOnlySpan<int> Starts => _starts.AsSpan(0, Length + 1);

    /// <summary>Gets which candidate was chosen, counted from the first of its step, [T].</summary>
    public ReadOnlySpan<int> Chosen => _chosen.AsSpan(0, Length);

    /// <summary>Gets which candidate an expert would have chosen, [T]; −1 = it was not asked or did not know.</summary>
    public ReadOnlySpan<int> Labels => _labels.AsSpan(0, Length);

    /// <summary>Gets ln of the probability of each choice when it was drawn, [T].</summary>
    public ReadOnlySpan<float> LogProbabilities => _logProbabilities.AsSpan(0, Length);

    /// <summary>Gets the environment's own reward of each step, [T].</summary>
    public ReadOnlySpan<float> Rewards => _rewards.AsSpan(0, Length);

    /// <summary>Gets whether each command could be carried out, [T].</summary>
    public ReadOnlySpan<bool> Grounded => _grounded.AsSpan(0, Length);

    /// <summary>Gets the state after the last step, [State].</summary>
    public float[] FinalState { get; private set; } = [];

    /// <summary>Gets what the last step did and showed, [Event].</summary>
    public float[] FinalEvent { get; private set; } = [];

    /// <summary>Gets R, the sum of the environment's rewards.</summary>
    public float Return => (float)_return;

    /// <summary>Gets whether the goal held at the end.</summary>
    public bool Succeeded { get; private set; }

    /// <summary>Gets whether the mission ended by its own rules, its step limit included.</summary>
    public bool Terminated { get; private set; }

    /// <summary>Gets whether it was stopped from outside.</summary>
    public bool Truncated { get; private set; }

    /// <summary>Gets whether the candidates are still there.</summary>
    public bool HasCandidates { get; private set; } = true;

    /// <summary>Gets or sets which policy acted.</summary>
    public string PolicyVersion { get; set; } = "";

    /// <summary>Gets or sets which attributor, in which state, shaped its rewards; empty = none yet.</summary>
    public string AttributorVersion { get; set; } = "";

    /// <summary>Gets how many candidates a step had.</summary>
    /// <param name="step">0 … T − 1.</param>
    public int CountOf(int step) => _starts[step + 1] - _starts[step];

    /// <summary>Takes what was seen and chosen.</summary>
    /// <param name="view">The view before the command; copied.</param>
    /// <param name="chosen">Which candidate, 0 … Count − 1.</param>
    /// <param name="logProbability">ln of its probability.</param>
    /// <param name="label">Which one an expert would choose; −1 = unknown.</param>
    /// <param name="encoding">The policy's encoding, where this trajectory keeps it.</param>
    /// <exception cref="ArgumentException">An index or a length does not fit.</exception>
    public void Observe(MissionView view, int chosen, float logProbability, int label = -1, ReadOnlySpan<float> encoding = default)
    {
        ArgumentNullException.ThrowIfNull(view);
        if (chosen < 0 || chosen >= view.Count || label < -1 || label >= view.Count) throw new ArgumentException($"Trajectory, step {Length}: choice {chosen} and label {label} of {view.Count} candidates; must be one of them, a label -1 or one of them.", nameof(chosen));
        if (encoding.Length != EncodingWidth) throw new ArgumentException($"Trajectory, step {Length}: the encoding has {encoding.Length} numbers, {EncodingWidth} are kept.", nameof(encoding));
        int t = Length, first = _starts[t];
        Append(ref _states, t * Shape.State, view.State);
        Append(ref _events, t * Shape.Event, view.Event);
        Append(ref _choices, t * Shape.Candidate, view.Candidate(chosen));
        Append(ref _candidates, first * Shape.Candidate, view.Candidates);
        Append(ref _executable, first, view.Executable);
        Append(ref _encodings, t * EncodingWidth, encoding);
        Append(ref _starts, t + 1, [first + view.Count]);
        Append(ref _chosen, t, [chosen]);
        Append(ref _labels, t, [label]);
        Append(ref _logProbabilities, t, [logProbability]);
        Append(ref _rewards, t, [0f]);
        Append(ref _grounded, t, [false]);
        Length = t + 1;
    }

    /// <summary>Takes what came of the command observed last.</summary>
    /// <param name="step">The mission's answer; its reward must be finite.</param>
    /// <exception cref="InvalidOperationException">Nothing was observed yet.</exception>
    /// <exception cref="ArgumentException">The reward is not finite.</exception>
    public void Receive(in MissionStep step)
    {
        if (Length == 0) throw new InvalidOperationException("Trajectory: a result before the first observation; call Observe first.");
        if (!float.IsFinite(step.Reward)) throw new ArgumentException($"Trajectory, step {Length - 1}: the reward is {step.Reward}; must be finite.", nameof(step));
        (_rewards[Length - 1], _grounded[Length - 1]) = (step.Reward, step.Grounded);
        _return += step.Reward;
        (Succeeded, Terminated, Truncated) = (step.Succeeded, step.Terminated, step.Truncated && !step.Terminated);
    }

    /// <summary>Takes the view after the last step: what a stopped episode bootstraps from.</summary>
    /// <param name="view">The view; copied.</param>
    public void End(MissionView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        (FinalState, FinalEvent) = ([.. view.State], [.. view.Event]);
    }

    /// <summary>Returns the same trajectory without its candidates, for buffers of attributors; the other arrays are shared.</summary>
    public Trajectory WithoutCandidates()
    {
        var copy = (Trajectory)MemberwiseClone();
        (copy._candidates, copy._executable, copy.HasCandidates) = ([], [], false);
        return copy;
    }

    /// <summary>Writes everything but the candidates, for checkpoints of buffers.</summary>
    internal void Freeze(in StateWriter w)
    {
        w.Write(Number);
        w.Write(Length);
        w.WriteSpan(MemoryMarshal.AsBytes(States));
        w.WriteSpan(MemoryMarshal.AsBytes(Events));
        w.WriteSpan(MemoryMarshal.AsBytes(Choices));
        w.WriteSpan(MemoryMarshal.AsBytes(Encodings));
        w.WriteSpan(MemoryMarshal.AsBytes(Starts));
        w.WriteSpan(MemoryMarshal.AsBytes(Chosen));
        w.WriteSpan(MemoryMarshal.AsBytes(Labels));
        w.WriteSpan(MemoryMarshal.AsBytes(LogProbabilities));
        w.WriteSpan(MemoryMarshal.AsBytes(Rewards));
        w.WriteSpan(MemoryMarshal.AsBytes(Grounded));
        w.WriteSpan(MemoryMarshal.AsBytes(FinalState.AsSpan()));
        w.WriteSpan(MemoryMarshal.AsBytes(FinalEvent.AsSpan()));
        w.Write(_return);
        w.Write((byte)((Succeeded ? 1 : 0) | (Terminated ? 2 : 0) | (Truncated ? 4 : 0)));
    }

    /// <summary>Reads what <see cref="Freeze"/> wrote; it has no candidates.</summary>
    internal static Trajectory Thaw(ref StateReader r, MissionShape shape, int encoding)
    {
        int number = r.Read<int>(), length = r.ReadInt32(0, 1 << 20);
        var t = new Trajectory(shape, encoding) { Number = number };
        t._states = Floats(ref r, (long)length * shape.State);
        t._events = Floats(ref r, (long)length * shape.Event);
        t._choices = Floats(ref r, (long)length * shape.Candidate);
        t._encodings = Floats(ref r, (long)length * encoding);
        t._starts = Part<int>(ref r, length + 1);
        t._chosen = Part<int>(ref r, length);
        t._labels = Part<int>(ref r, length);
        t._logProbabilities = Floats(ref r, length);
        t._rewards = Floats(ref r, length);
        byte[] grounded = Part<byte>(ref r, length);
        t._grounded = [.. grounded.Select(b => b != 0)];
        (t.FinalState, t.FinalEvent) = (Floats(ref r, shape.State, orNone: true), Floats(ref r, shape.Event, orNone: true));
        t._return = r.Read<double>();
        byte flags = r.Read<byte>();
        (t.Length, t.HasCandidates, t.Succeeded, t.Terminated, t.Truncated) = (length, false, (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0);
        r.Require(flags < 8 && double.IsFinite(t._return) && !grounded.AsSpan().ContainsAnyInRange((byte)2, byte.MaxValue), "a flag or a return");
        return t;
    }

    /// <summary>Checks a span that takes one number per step.</summary>
    /// <exception cref="ArgumentException">There is no step, or the lengths differ.</exception>
    internal void Require(int length, int extra = 0)
    {
        if (Length == 0) throw new ArgumentException("Trajectory of 0 steps: there is nothing to attribute; it must have 1 or more.");
        if (length != Length + extra) throw new ArgumentException($"Trajectory of {Length} steps: the span has {length} numbers; must have {Length + extra}.");
    }

    private static float[] Floats(ref StateReader r, long count, bool orNone = false)
    {
        var part = Part<float>(ref r, count, orNone);
        r.Require(Array.TrueForAll(part, float.IsFinite), "a number");
        return part;
    }

    // The reader checks the length against what is left before anything is made of it.
    private static T[] Part<T>(ref StateReader r, long count, bool orNone = false) where T : unmanaged
    {
        var part = MemoryMarshal.Cast<byte, T>(r.ReadBytes());
        r.Require(part.Length == count || orNone && part.IsEmpty, "a length");
        return part.ToArray();
    }

    private static void Append<T>(ref T[] array, int at, ReadOnlySpan<T> row)
    {
        if (array.Length < at + row.Length) Array.Resize(ref array, Math.Max(at + row.Length, Math.Max(16, 2 * array.Length)));
        row.CopyTo(array.AsSpan(at));
    }
}
