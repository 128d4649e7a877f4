using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Agents;

/// <summary>One play of a planning task: the state, the actions that can be carried out in it, and what carrying one out does.</summary>
/// <remarks>
/// The state is a bit per fact. Actions are made when the facts they need are first true, and tested again only when a fact they mention
/// changes. What holds and what can be done depend on the facts alone, never on the path; so does <see cref="StateHash"/>. Not thread-safe.
/// Once every action met has been met before, <see cref="Apply"/> allocates nothing.
/// </remarks>
public sealed class PlanningWorld
{
    private readonly TupleTable _atoms = new(), _instances = new();
    private readonly FactIndex _knownIndex;
    private readonly Grounder _grounder;
    private readonly bool _dropNoOps;
    private readonly List<GroundAction?> _actions = [];
    private readonly List<GroundAction> _executable = [], _enabled = [], _disabled = [];
    private readonly List<int> _added = [], _removed = [], _newAtoms = [], _adds = [], _removes = [];
    private readonly GroundNode _goal;
    private readonly PlanningExplainer _explainer;
    private GroundAction[] _sorted = [];
    private ulong[] _bits = new ulong[4], _known = new ulong[4];
    private ulong[] _keys = new ulong[64];
    private List<GroundAction>?[] _watchers = new List<GroundAction>?[64];
    private ulong _sortedAt = ulong.MaxValue;

    /// <summary>The most tests spent on making actions; about a second of work.</summary>
    public const long DefaultBudget = 20_000_000;

    /// <summary>Starts a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="dropNoOps">Whether actions that cannot change anything are left out, as Fast Downward's translator does.</param>
    /// <param name="budget">The most tests spent on making actions, over the world's life.</param>
    /// <exception cref="PddlException">The task needs more than the budget.</exception>
    public PlanningWorld(PlanningTask task, bool dropNoOps = true, long budget = DefaultBudget)
    {
        ArgumentNullException.ThrowIfNull(task);
        Task = task;
        _dropNoOps = dropNoOps;
        _knownIndex = new FactIndex(task.Domain.PredicateNames.Count);
        _grounder = new Grounder(task, _atoms, _knownIndex, IsKnown, budget);
        _explainer = new PlanningExplainer(task, HoldsAtom);
        foreach (var (predicate, arguments) in task.InitialFluents) Set(_atoms.Add(predicate, arguments, out _), true);
        _goal = _grounder.Build(task.Problem.Goal, task.Problem.GoalSlotTypes, task.Problem.GoalConstants, Blank(task.Problem.GoalSlotTypes.Length));
        Reserve();
        for (int schema = 0; schema < task.Domain.Actions.Count; schema++) DiscoverUnconditional(schema);
        DiscoverNew();
        _added.Clear();
        _enabled.Clear();
        Initial = Save();
    }

    /// <summary>Gets the task.</summary>
    public PlanningTask Task { get; }

    /// <summary>Gets the state at the start.</summary>
    public PlanningState Initial { get; }

    /// <summary>Gets a number that grows with every change of state.</summary>
    public ulong Version { get; private set; }

    /// <summary>Gets the hash of the facts that hold; equal for equal facts of one task.</summary>
    public ulong StateHash { get; private set; }

    /// <summary>Gets the actions that the last change of state made executable.</summary>
    public IReadOnlyList<GroundAction> Enabled => _enabled;

    /// <summary>Gets the actions that were executable before the last change of state and are no more.</summary>
    public IReadOnlyList<GroundAction> Disabled => _disabled;

    /// <summary>Gets how many facts the last change of state made true, and how many false.</summary>
    public (int Added, int Removed) Delta => (_added.Count, _removed.Count);

    /// <summary>Gets the actions that can be carried out, sorted by action and objects. Valid until the next change of state.</summary>
    public ReadOnlySpan<GroundAction> Executables
    {
        get
        {
            if (_sortedAt != Version || _sorted.Length < _executable.Count)
            {
                if (_sorted.Length < _executable.Count) _sorted = new GroundAction[2 * _executable.Count];
                _executable.CopyTo(_sorted);
                _sorted.AsSpan(0, _executable.Count).Sort(GroundAction.Compare);
                _sortedAt = Version;
            }
            return _sorted.AsSpan(0, _executable.Count);
        }
    }

    /// <summary>Returns whether an action can be carried out now.</summary>
    /// <param name="action">An action of this world.</param>
    public bool IsExecutable(GroundAction action) => Owned(action).IsEnabled;

    /// <summary>Returns an action by name and objects (any case), or null where none could be carried out so far: an unknown name, or facts it needs were never true.</summary>
    /// <param name="name">The action's name.</param>
    /// <param name="arguments">The objects' names, in order.</param>
    public GroundAction? Find(string name, params ReadOnlySpan<string> arguments)
    {
        int schema = _explainer.FindAction(name);
        if (schema < 0 || arguments.Length != Task.Domain.Actions[schema].Parameters.Length) return null;
        Span<int> objects = stackalloc int[arguments.Length];
        for (int i = 0; i < objects.Length; i++) objects[i] = Task.FindObject(arguments[i].ToLowerInvariant());
        int number = _instances.Find(schema, objects);
        return number < 0 ? null : _actions[number];
    }

    /// <summary>Carries out an action: conditions are taken before anything changes, deletions come before additions.</summary>
    /// <param name="action">An action of this world.</param>
    /// <returns>False, and nothing changed, where it cannot be carried out.</returns>
    /// <exception cref="PddlException">New actions would take more than the budget; the world must not be used any further.</exception>
    public bool Apply(GroundAction action)
    {
        if (!Owned(action).IsEnabled) return false;
        _adds.Clear();
        _removes.Clear();
        foreach (var effect in action.Effects ??= Effects(action))
        {
            if (!effect.When.Holds(_bits)) continue;
            _removes.AddRange(effect.Removes);
            _adds.AddRange(effect.Adds);
        }
        BeginChange();
        foreach (int atom in _removes)
        {
            if (Get(atom) && !_adds.Contains(atom)) Set(atom, false);
        }
        foreach (int atom in _adds)
        {
            if (!Get(atom)) Set(atom, true);
        }
        EndChange();
        return true;
    }

    /// <summary>Returns whether the goal holds.</summary>
    public bool GoalHolds() => _goal.Holds(_bits);

    /// <summary>Returns whether a fact holds; false for names that the task lacks.</summary>
    /// <param name="predicate">The predicate's name, in lower case.</param>
    /// <param name="arguments">The objects' names, in lower case.</param>
    public bool Holds(string predicate, params ReadOnlySpan<string> arguments)
    {
        int number = Task.FindPredicate(predicate);
        if (number < 0 || Task.Domain.Arities[number] != arguments.Length) return false;
        Span<int> objects = stackalloc int[arguments.Length];
        for (int i = 0; i < objects.Length; i++) objects[i] = Task.FindObject(arguments[i]);
        return HoldsAtom(number, objects);
    }

    /// <summary>Says why an action cannot be carried out: the first condition that does not hold, or null where it can.</summary>
    /// <param name="name">The action's name.</param>
    /// <param name="arguments">The objects' names, in order.</param>
    public FailedCondition? Explain(string name, params ReadOnlySpan<string> arguments) => _explainer.Explain(name, arguments, Find(name, arguments), _dropNoOps);

    /// <summary>Saves the state.</summary>
    public PlanningState Save() => new([.. _bits], StateHash);

    /// <summary>Returns to a saved state; only what differs is tested again.</summary>
    /// <param name="state">A state that this world saved.</param>
    public void Restore(PlanningState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        BeginChange();
        for (int w = 0; w < _bits.Length; w++)
        {
            ulong target = w < state.Bits.Length ? state.Bits[w] : 0;
            for (ulong changed = target ^ _bits[w]; changed != 0; changed &= changed - 1)
            {
                int atom = (w << 6) + System.Numerics.BitOperations.TrailingZeroCount(changed);
                Set(atom, (target >> (atom & 63) & 1) != 0);
            }
        }
        EndChange();
    }

    /// <summary>Returns the facts that were true at some time with an object in one position; test each with <see cref="Get"/>.</summary>
    internal List<int> Known(int predicate, int position, int value) => _knownIndex.With(predicate, position, value);

    internal ReadOnlySpan<int> Arguments(int atom) => _atoms.Arguments(atom);

    internal bool Get(int atom) => (_bits[atom >> 6] >> atom & 1) != 0;

    internal bool HoldsAtom(int predicate, ReadOnlySpan<int> arguments)
    {
        if (!Task.IsFluent(predicate)) return Task.Statics.Find(predicate, arguments) >= 0;
        int atom = _atoms.Find(predicate, arguments);
        return atom >= 0 && atom >> 6 < _bits.Length && Get(atom);
    }

    /// <summary>Tests a condition by its definition, without anything prepared: what the lists above must agree with.</summary>
    internal bool HoldsByDefinition(PddlAction action, int[] arguments) => _explainer.Holds(action, arguments);

    private static int[] Blank(int slots)
    {
        var binding = new int[slots];
        Array.Fill(binding, -1);
        return binding;
    }

    private GroundAction Owned(GroundAction action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return action.Number < _actions.Count && ReferenceEquals(_actions[action.Number], action)
            ? action
            : throw new ArgumentException($"Action {action} belongs to another world.", nameof(action));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsKnown(int atom) => atom >> 6 < _known.Length && (_known[atom >> 6] >> atom & 1) != 0;

    /// <summary>Changes a fact that is known to differ.</summary>
    private void Set(int atom, bool value)
    {
        Reserve();
        ulong bit = 1UL << (atom & 63);
        if (value == ((_bits[atom >> 6] & bit) != 0)) return;
        _bits[atom >> 6] ^= bit;
        if (_keys[atom] == 0) _keys[atom] = Key(atom);
        StateHash ^= _keys[atom];
        (value ? _added : _removed).Add(atom);
        if (!value || (_known[atom >> 6] & bit) != 0) return;
        _known[atom >> 6] |= bit;
        _knownIndex.Add(atom, _atoms.Tag(atom), _atoms.Arguments(atom));
        _newAtoms.Add(atom);
    }

    private ulong Key(int atom)
    {
        // By content: the number of an atom depends on the path, its objects do not.
        var hasher = new StateHasher(0);
        hasher.Add(_atoms.Tag(atom));
        foreach (int argument in _atoms.Arguments(atom)) hasher.Add(argument);
        return hasher.Value | 1UL << 63;
    }

    private void BeginChange()
    {
        Version++;
        _added.Clear();
        _removed.Clear();
        _enabled.Clear();
        _disabled.Clear();
    }

    private void EndChange()
    {
        foreach (int atom in _removed) Retest(atom);
        foreach (int atom in _added) Retest(atom);
        DiscoverNew();
    }

    private void Retest(int atom)
    {
        if (_watchers[atom] is not { } watchers) return;
        foreach (var action in watchers)
        {
            if (action.TestedAt == Version) continue;
            action.TestedAt = Version;
            bool holds = action.Condition.Holds(_bits);
            if (holds != action.IsEnabled) Enable(action, holds);
        }
    }

    private void Enable(GroundAction action, bool enable)
    {
        action.IsEnabled = enable;
        (enable ? _enabled : _disabled).Add(action);
        if (enable)
        {
            action.Position = _executable.Count;
            _executable.Add(action);
            return;
        }
        var last = _executable[^1];
        _executable[action.Position] = last;
        last.Position = action.Position;
        _executable.RemoveAt(_executable.Count - 1);
    }

    private void Reserve()
    {
        int count = _atoms.Count;
        if (count > _keys.Length)
        {
            int size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count);
            Array.Resize(ref _keys, size);
            Array.Resize(ref _watchers, size);
        }
        int words = _keys.Length + 63 >> 6;
        if (words <= _bits.Length) return;
        Array.Resize(ref _bits, words);
        Array.Resize(ref _known, words);
    }

    private void DiscoverUnconditional(int schema)
    {
        var action = Task.Domain.Actions[schema];
        foreach (var atoms in action.Alternatives)
        {
            if (atoms.Exists(c => Task.IsFluent(c.Predicate))) continue;
            var binding = Blank(action.SlotTypes.Length);
            _grounder.Join(atoms, action.Parameters, action.SlotTypes, Task.Constants, binding, true, () => Register(schema, binding));
        }
    }

    /// <summary>Makes the actions for which facts that just became true for the first time were missing.</summary>
    private void DiscoverNew()
    {
        for (int n = 0; n < _newAtoms.Count; n++)
        {
            int atom = _newAtoms[n], predicate = _atoms.Tag(atom);
            for (int schema = 0; schema < Task.Domain.Actions.Count; schema++)
            {
                var action = Task.Domain.Actions[schema];
                foreach (var atoms in action.Alternatives)
                {
                    foreach (var literal in atoms)
                    {
                        if (literal.Predicate == predicate) Discover(schema, atoms, literal, atom);
                    }
                }
            }
        }
        _newAtoms.Clear();
    }

    private void Discover(int schema, List<PddlCondition> atoms, PddlCondition literal, int atom)
    {
        var action = Task.Domain.Actions[schema];
        var binding = Blank(action.SlotTypes.Length);
        if (!_grounder.Unify(literal, _atoms.Arguments(atom), action.SlotTypes, Task.Constants, binding, out _)) return;
        _grounder.Join(atoms, action.Parameters, action.SlotTypes, Task.Constants, binding, true, () => Register(schema, binding));
    }

    private void Register(int schema, int[] found)
    {
        var action = Task.Domain.Actions[schema];
        int number = _instances.Add(schema, found.AsSpan(0, action.Parameters.Length), out bool isNew);
        if (!isNew) return;
        _actions.Add(null);
        int[] arguments = found[..action.Parameters.Length];
        // Quantified variables that led here must be free again: the condition is about all of their values.
        var binding = Blank(action.SlotTypes.Length);
        arguments.CopyTo(binding.AsSpan());
        var condition = _grounder.Build(action.Precondition, action.SlotTypes, Task.Constants, binding);
        Reserve();
        if (condition.IsFalse) return;
        var ground = new GroundAction(Task, number, schema, arguments, condition) { Cost = _grounder.Cost(action, Task.Constants, binding) };
        if (_dropNoOps && IsNoOp(ground, action)) return;
        _actions[number] = ground;
        var watched = new HashSet<int>();
        condition.CollectAtoms(watched);
        foreach (int atom in watched) (_watchers[atom] ??= []).Add(ground);
        ground.TestedAt = Version;
        if (condition.Holds(_bits)) Enable(ground, true);
    }

    private GroundEffect[] Effects(GroundAction action)
    {
        var schema = Task.Domain.Actions[action.Schema];
        var binding = Blank(schema.SlotTypes.Length);
        action.Arguments.CopyTo(binding.AsSpan());
        var effects = _grounder.Effects(schema, Task.Constants, binding);
        Reserve();
        return effects;
    }

    /// <summary>An action cannot change anything where all that it adds is among its conditions and all that it deletes is among what it adds.</summary>
    private bool IsNoOp(GroundAction ground, PddlAction action)
    {
        if (action.Effects.Length == 0) return true;
        if (!ground.Condition.All) return false;
        foreach (var effect in action.Effects)
        {
            // Most actions add a fact that no condition mentions: they need no closer look.
            if (effect.When != PddlCondition.True || (effect.Adds && !MayRequire(action.Precondition, effect.Predicate))) return false;
        }
        ground.Effects = Effects(ground);
        var only = ground.Effects[0];
        return Array.TrueForAll(only.Adds, a => ground.Condition.Literals.Contains(a)) && Array.TrueForAll(only.Removes, a => only.Adds.Contains(a));
    }

    private static bool MayRequire(PddlCondition condition, int predicate)
        => condition.Kind == ConditionKind.Atom ? condition.Predicate == predicate : Array.Exists(condition.Parts, p => MayRequire(p, predicate));
}
