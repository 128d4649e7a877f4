namespace EdgeAutonomy.Agents;

/// <summary>One play of an ALFWorld game: text in, text out, one reward at the end.</summary>
/// <remarks>
/// Commands are matched exactly after trimming; anything else brings <c>Nothing happens.</c>, changes nothing and still counts as a step.
/// Progress in steps is not offered (<see cref="IMissionProgress"/>): a shortest plan under full sight takes a search of its own for each state.
/// </remarks>
public sealed class AlfWorldGame : IMission
{
    private static readonly AlfWorldExpert Searcher = new(AlfWorldPrior.Shipped);
    private readonly AlfWorldTask _task;
    private readonly PlanningWorld _world;
    private readonly AlfWorldText _text;
    private readonly AlfWorldCandidates _commands = new();
    private readonly Dictionary<int, Entry> _byAction = [];
    private readonly Dictionary<string, Entry> _byText = new(StringComparer.Ordinal);
    private readonly List<Entry> _executable = [];
    private readonly List<AlfWorldCommand> _candidates = [];
    private readonly List<ActionCall> _calls = [];
    private bool _stale = true;

    /// <summary>Starts a game.</summary>
    /// <param name="task">The game.</param>
    /// <param name="options">How it is played; null for the defaults.</param>
    public AlfWorldGame(AlfWorldTask task, AlfWorldOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        options ??= new AlfWorldOptions();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Limit, nameof(options));
        (_task, Limit) = (task, options.Limit);
        _world = new PlanningWorld(task.Planning, dropNoOps: !options.AllowNoOpGoto);
        _text = new AlfWorldText(task, _world);
        foreach (var action in _world.Executables) Enable(action);
        Observation = _text.Intro();
        Belief = new AlfWorldBelief(task.Instruction, Observation);
    }

    /// <inheritdoc/>
    public string Name => _task.Name;

    /// <inheritdoc/>
    public string Instruction => _task.Instruction;

    /// <inheritdoc/>
    public string Observation { get; private set; }

    /// <inheritdoc/>
    public MissionShape Shape => AlfWorldFeatures.Shape;

    /// <inheritdoc/>
    public int Limit { get; }

    /// <inheritdoc/>
    public int Steps { get; private set; }

    /// <inheritdoc/>
    public ulong WorldVersion => _world.Version;

    /// <summary>Gets the hash of the facts that hold: equal where the world is the same again.</summary>
    public ulong StateHash => _world.StateHash;

    /// <summary>Gets what the agent knows; made from the texts alone.</summary>
    public AlfWorldBelief Belief { get; }

    /// <summary>Gets the world behind the game: what no agent may see.</summary>
    internal PlanningWorld World => _world;

    /// <summary>Gets whether no further step follows.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Gets whether the goal holds.</summary>
    public bool GoalHolds => _world.GoalHolds();

    /// <inheritdoc/>
    public IReadOnlyList<ActionCall> Candidates
    {
        get
        {
            Refresh();
            return _calls;
        }
    }

    /// <summary>Returns the commands that can be carried out now, sorted by text: ALFWorld's admissible list.</summary>
    public IReadOnlyList<ActionCall> Executables() => [.. _executable.Select(e => e.Command.Call)];

    /// <summary>Returns one of the commands that can be carried out, each as likely as the others.</summary>
    /// <param name="random">Where chance comes from.</param>
    public ActionCall RandomExecutable(RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return _executable[random.NextInt32(_executable.Count)].Command.Call;
    }

    /// <summary>Returns every command of the right form about things the agent knows of, sorted by text: thousands. For measuring grounding without a list.</summary>
    public IReadOnlyList<ActionCall> WellFormed()
    {
        var list = new List<AlfWorldCommand>();
        _commands.AddWellFormed(Belief, list);
        AlfWorldCandidates.Normalize(list);
        return [.. list.Select(c => c.Call)];
    }

    /// <inheritdoc/>
    public void Describe(MissionView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        if (view.Shape != Shape) throw new ArgumentException("The view has another shape than ALFWorld's missions; make it from this mission's Shape.", nameof(view));
        Refresh();
        AlfWorldFeatures.State(Belief, Limit, view.State);
        AlfWorldFeatures.Event(Belief, view.Event);
        view.Resize(_candidates.Count);
        for (int i = 0; i < _candidates.Count; i++)
        {
            AlfWorldFeatures.Candidate(Belief, _candidates[i], view.Candidate(i));
            view.Executable[i] = IsExecutable(_candidates[i].Text);
        }
    }

    /// <inheritdoc/>
    public bool IsExecutable(string command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return _byText.TryGetValue(command.Trim(), out var entry) && entry.Actions.Count > 0;
    }

    /// <inheritdoc/>
    public string? Explain(string command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return IsExecutable(command) ? null : AlfWorldReasons.Explain(_task, _world, command);
    }

    /// <inheritdoc/>
    public MissionStep Step(string command)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (IsOver) throw new InvalidOperationException($"Game '{Name}' is over after {Steps} steps; start another one.");
        Steps++;
        bool grounded = _byText.TryGetValue(command.Trim(), out var entry) && entry.Actions.Count > 0;
        if (grounded) Carry(entry!);
        else Observation = AlfWorldText.Nothing;
        Belief.Update(command, Observation);
        _stale = true;
        bool won = _world.GoalHolds();
        IsOver = won || Steps >= Limit;
        return new MissionStep(won ? 1 : 0, grounded, IsOver, false, won);
    }

    /// <inheritdoc/>
    public int Expert()
    {
        Refresh();
        return Searcher.Choose(Belief) is { } choice ? IndexOf(choice.Text) : -1;
    }

    private int IndexOf(string text)
    {
        int low = 0, high = _candidates.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1, order = string.CompareOrdinal(_candidates[middle].Text, text);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return -1;
    }

    private void Carry(Entry entry)
    {
        // Several bindings of one command (a lamp that stands in two receptacles here) do the same; take the first in the engine's order.
        var action = entry.Actions[0];
        for (int i = 1; i < entry.Actions.Count; i++)
        {
            if (GroundAction.Compare(entry.Actions[i], action) < 0) action = entry.Actions[i];
        }
        _world.Apply(action);
        // First what became possible: "go to X" from the new location takes over from the old one without leaving the list.
        foreach (var enabled in _world.Enabled) Enable(enabled);
        foreach (var disabled in _world.Disabled) Disable(disabled);
        Observation = _text.Feedback(entry.Command.Verb, action);
    }

    private void Refresh()
    {
        if (!_stale) return;
        _stale = false;
        _candidates.Clear();
        foreach (var entry in _executable) _candidates.Add(entry.Command);
        _commands.AddPlausible(Belief, _candidates);
        AlfWorldCandidates.Normalize(_candidates);
        _calls.Clear();
        foreach (var command in _candidates) _calls.Add(command.Call);
    }

    private void Enable(GroundAction action)
    {
        if (!_byAction.TryGetValue(action.Number, out var entry)) _byAction.Add(action.Number, entry = Lookup(action));
        entry.Actions.Add(action);
        if (entry.Actions.Count > 1) return;
        int at = _executable.BinarySearch(entry, ByText.Instance);
        _executable.Insert(~at, entry);
    }

    private void Disable(GroundAction action)
    {
        var entry = _byAction[action.Number];
        entry.Actions.Remove(action);
        if (entry.Actions.Count == 0) _executable.RemoveAt(_executable.BinarySearch(entry, ByText.Instance));
    }

    private Entry Lookup(GroundAction action)
    {
        var (verb, first, second) = AlfWorldBinding.Of(_task, action);
        var command = _commands.Make(verb, first, second);
        if (!_byText.TryGetValue(command.Text, out var entry)) _byText.Add(command.Text, entry = new Entry(command));
        return entry;
    }

    private sealed record Entry(AlfWorldCommand Command)
    {
        public List<GroundAction> Actions { get; } = [];
    }

    private sealed class ByText : IComparer<Entry>
    {
        public static readonly ByText Instance = new();

        public int Compare(Entry? x, Entry? y) => string.CompareOrdinal(x!.Command.Text, y!.Command.Text);
    }
}
