using System.Numerics;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>Steps of several episodes side by side, as the network takes them: packed without gaps, time after time.</summary>
/// <remarks>
/// Row order is [time][episode], episodes sorted by length, longest first: those still running at a time are the first <see cref="Active"/>[time] ones, and row j of a time continues row j of the time before. The items of a
/// row are its candidates, those of the chosen set only: what is masked has no item, hence a probability of exactly zero and no gradient. Buffers grow and stay. Not thread-safe.
/// </remarks>
/// <typeparam name="T">float, or double to check gradients.</typeparam>
internal sealed class CandidateBatch<T>(MissionShape shape) where T : unmanaged, IFloatingPointIeee754<T>
{
    private T[] _states = [], _events = [], _candidates = [], _potentials = [];
    private int[] _active = [], _starts = [0], _chosen = [], _index = [], _episode = [], _step = [];

    public MissionShape Shape => shape;

    /// <summary>Gets the times.</summary>
    public int Times { get; private set; }

    /// <summary>Gets the rows, one per step.</summary>
    public int Rows { get; private set; }

    /// <summary>Gets the items, one per candidate that may be chosen.</summary>
    public int Items { get; private set; }

    /// <summary>Gets how many episodes run at each time; never rises.</summary>
    public ReadOnlySpan<int> Active => _active.AsSpan(0, Times);

    public ReadOnlySpan<T> States => _states.AsSpan(0, Rows * shape.State);

    public ReadOnlySpan<T> Events => _events.AsSpan(0, Rows * shape.Event);

    public ReadOnlySpan<T> Candidates => _candidates.AsSpan(0, Items * shape.Candidate);

    /// <summary>Gets S_t / S_max of each row; zeros unless they were set.</summary>
    public Span<T> Potentials => _potentials.AsSpan(0, Rows);

    /// <summary>Gets where the items of each row begin; [Rows + 1].</summary>
    public ReadOnlySpan<int> Starts => _starts.AsSpan(0, Rows + 1);

    /// <summary>Gets which item of its row stands for the wanted choice; −1 = none.</summary>
    public Span<int> Chosen => _chosen.AsSpan(0, Rows);

    /// <summary>Gets which candidate of its step each item is.</summary>
    public ReadOnlySpan<int> Index => _index.AsSpan(0, Items);

    /// <summary>Gets which of the given episodes each row belongs to.</summary>
    public ReadOnlySpan<int> Episode => _episode.AsSpan(0, Rows);

    /// <summary>Gets which of its steps each row is.</summary>
    public ReadOnlySpan<int> Step => _step.AsSpan(0, Rows);

    /// <summary>Forgets all rows.</summary>
    public void Clear() => (Times, Rows, Items) = (0, 0, 0);

    /// <summary>Begins a further time.</summary>
    public void Begin()
    {
        Grow(ref _active, Times + 1);
        _active[Times++] = 0;
    }

    /// <summary>Adds a view as a row of the present time.</summary>
    /// <param name="view">The view.</param>
    /// <param name="set">Which candidates become items.</param>
    /// <param name="episode">Which episode it belongs to.</param>
    public void Add(MissionView view, CandidateSet set, int episode) =>
        Add(view.State, view.Event, view.Candidates, view.Executable, set, default, keep: null, -1, episode, 0);

    /// <summary>Loads whole episodes.</summary>
    /// <param name="episodes">The episodes; they must still have their candidates unless no items are asked for.</param>
    /// <param name="which">Which of them.</param>
    /// <param name="set">Which candidates become items.</param>
    /// <param name="final">Whether an episode that was stopped from outside gets a row more, for what it bootstraps from.</param>
    /// <param name="labels">Whether the wanted choice is the expert's and not the one that was made.</param>
    /// <param name="keep">Decides for candidates that cannot be carried out whether they become items; null = all do.</param>
    /// <param name="items">Whether there are items at all; a critic needs none.</param>
    public void Load(IReadOnlyList<Trajectory> episodes, ReadOnlySpan<int> which, CandidateSet set, bool final, bool labels = false, Func<Trajectory, int, int, bool>? keep = null, bool items = true)
    {
        Clear();
        int[] order = which.ToArray();
        // Stable by length: equal ones stay in the given order, whatever the sort does.
        var place = new (int Length, int Place)[order.Length];
        for (int i = 0; i < order.Length; i++) place[i] = (-LengthOf(episodes[order[i]], final), i);
        Array.Sort(place, order);
        for (int t = 0; order.Length > 0 && t < -place[0].Length; t++)
        {
            Begin();
            for (int i = 0; i < order.Length && t < -place[i].Length; i++)
            {
                var e = episodes[order[i]];
                if (t == e.Length)
                {
                    Add(e.FinalState, e.FinalEvent, [], [], set, default, null, -1, order[i], t);
                    continue;
                }
                int from = e.Starts[t], count = items ? e.CountOf(t) : 0, wide = shape.Candidate;
                int wanted = labels ? e.Labels[t] : e.Chosen[t];
                Add(e.States.Slice(t * shape.State, shape.State), e.Events.Slice(t * shape.Event, shape.Event), e.Candidates.Slice(from * wide, count * wide), e.Executable.Slice(from, count), set, e, keep, wanted, order[i], t);
            }
        }
    }

    private static int LengthOf(Trajectory t, bool final) => t.Length + (final && t.Truncated ? 1 : 0);

    private void Add(ReadOnlySpan<float> state, ReadOnlySpan<float> happened, ReadOnlySpan<float> candidates, ReadOnlySpan<bool> executable, CandidateSet set, Trajectory? trajectory, Func<Trajectory, int, int, bool>? keep, int wanted, int episode, int step)
    {
        int row = Rows++;
        _active[Times - 1]++;
        Grow(ref _states, Rows * shape.State);
        Grow(ref _events, Rows * shape.Event);
        Grow(ref _potentials, Rows);
        Grow(ref _chosen, Rows);
        Grow(ref _episode, Rows);
        Grow(ref _step, Rows);
        Grow(ref _starts, Rows + 1);
        Convert(state, _states.AsSpan(row * shape.State, shape.State));
        Convert(happened, _events.AsSpan(row * shape.Event, shape.Event));
        (_potentials[row], _chosen[row], _episode[row], _step[row], _starts[row]) = (T.Zero, -1, episode, step, Items);
        // Where the world model knows nothing that can be carried out, the mask would leave nothing to choose: it is lifted for that step.
        bool masked = set == CandidateSet.Executable && executable.Contains(true);
        for (int i = 0; i < executable.Length; i++)
        {
            if (!executable[i] && (masked || keep is not null && i != wanted && !keep(trajectory!, step, i))) continue;
            Grow(ref _candidates, (Items + 1) * shape.Candidate);
            Grow(ref _index, Items + 1);
            Convert(candidates.Slice(i * shape.Candidate, shape.Candidate), _candidates.AsSpan(Items * shape.Candidate, shape.Candidate));
            _index[Items] = i;
            if (i == wanted) _chosen[row] = Items - _starts[row];
            Items++;
        }
        _starts[Rows] = Items;
    }

    private static void Convert(ReadOnlySpan<float> from, Span<T> to)
    {
        if (typeof(T) == typeof(float))
        {
            from.CopyTo(System.Runtime.InteropServices.MemoryMarshal.Cast<T, float>(to));
            return;
        }
        for (int i = 0; i < from.Length; i++) to[i] = T.CreateTruncating(from[i]);
    }

    private static void Grow<TItem>(ref TItem[] array, int need)
    {
        if (array.Length < need) Array.Resize(ref array, Math.Max(need, 2 * array.Length));
    }
}
