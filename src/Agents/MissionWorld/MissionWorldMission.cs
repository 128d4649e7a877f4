namespace EdgeAutonomy.Agents;

/// <summary>One play of a MissionWorld mission, on the planning engine.</summary>
/// <remarks>
/// It ends when the robot reports (a success where all goals hold and nothing was delivered wrongly), when it is stranded (away from charger and
/// dock with too little battery for any road), or at the step limit. Any number of commands that cannot be carried out only cost steps.
/// </remarks>
public sealed class MissionWorldMission : IMission, IMissionProgress, IStateHashed
{
    private readonly MissionWorldLayout _layout;
    private readonly MissionWorldMap _map;
    private readonly MissionWorldOptions _options;
    private readonly PlanningWorld _world;
    private readonly MissionWorldRules _rules;
    private readonly MissionWorldSenses _senses;
    private readonly MissionWorldExpert _expert;
    private readonly IReadOnlyList<MissionWorldCommand> _commands;
    private readonly Dictionary<string, MissionWorldCommand> _byText = new(StringComparer.Ordinal);
    private readonly List<MissionWorldCommand> _candidates = [];
    private readonly List<ActionCall> _calls = [];
    private MissionWorldPlanner? _truth;
    private bool _stale = true;

    /// <summary>Starts a mission.</summary>
    /// <param name="layout">The mission, from <see cref="MissionGenerator"/>.</param>
    /// <param name="options">The options it was made with.</param>
    public MissionWorldMission(MissionWorldLayout layout, MissionWorldOptions options)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(options);
        (_layout, _map, _options) = (layout, layout.Map, options);
        var domain = MissionWorldDomain.Domain;
        _world = new PlanningWorld(new PlanningTask(domain, PddlProblem.Parse(layout.Problem, domain, layout.Name)));
        _rules = new MissionWorldRules(_map, _world, options.IsClaimed);
        _senses = new MissionWorldSenses(_map, _world);
        _expert = new MissionWorldExpert(_map);
        _commands = MissionWorldCommand.All(_map);
        foreach (var command in _commands) _byText.Add(command.Text, command);
        Situation = MissionGenerator.StartOf(_map);
        Belief = new MissionWorldBelief(_map, Situation, options.Limit);
        Look();
        Observation = MissionWorldText.Start(Belief);
    }

    /// <inheritdoc/>
    public string Name => _layout.Name;

    /// <inheritdoc/>
    public string Instruction => _map.Instruction;

    /// <inheritdoc/>
    public string Observation { get; private set; }

    /// <inheritdoc/>
    public MissionShape Shape => MissionWorldFeatures.Shape;

    /// <inheritdoc/>
    public int Limit => _options.Limit;

    /// <inheritdoc/>
    public int Steps { get; private set; }

    /// <inheritdoc/>
    public ulong WorldVersion => _world.Version;

    /// <summary>Gets a hash of the facts and the battery: equal where the world is the same again.</summary>
    public ulong StateHash
    {
        get
        {
            var hasher = new StateHasher(_world.StateHash);
            hasher.Add(Situation.Battery);
            return hasher.Value;
        }
    }

    /// <summary>Gets what the agent knows.</summary>
    public MissionWorldBelief Belief { get; }

    /// <summary>Gets the mission itself, what is hidden from the agent included.</summary>
    public MissionWorldLayout Layout => _layout;

    /// <summary>Gets the map: where places are, for a robot that carries the commands out.</summary>
    public MissionWorldMap Map => _map;

    /// <summary>Gets where the mission stands.</summary>
    public MissionWorldSituation Situation { get; private set; }

    /// <summary>Gets the time that the commands carried out would have taken, in seconds.</summary>
    public double Seconds { get; private set; }

    /// <summary>Gets whether no further step follows.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Gets every command of the right form, sorted by text; <see cref="MissionWorldCommand.Meaning"/> says what each is for a robot.</summary>
    public IReadOnlyList<MissionWorldCommand> WellFormed => _commands;

    /// <inheritdoc/>
    public IReadOnlyList<ActionCall> Candidates
    {
        get
        {
            Refresh();
            return _calls;
        }
    }

    /// <inheritdoc/>
    public void Describe(MissionView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        if (view.Shape != Shape) throw new ArgumentException("The view has another shape than MissionWorld's missions; make it from this mission's Shape.", nameof(view));
        Refresh();
        MissionWorldFeatures.State(Belief, view.State);
        MissionWorldFeatures.Event(Belief, view.Event);
        view.Resize(_candidates.Count);
        for (int i = 0; i < _candidates.Count; i++)
        {
            MissionWorldFeatures.Candidate(Belief, _candidates[i], view.Candidate(i));
            view.Executable[i] = CanCarry(_candidates[i]);
        }
    }

    /// <inheritdoc/>
    public bool IsExecutable(string command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return _byText.TryGetValue(command.Trim(), out var known) && CanCarry(known);
    }

    /// <inheritdoc/>
    public string? Explain(string command)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (IsOver) return "The mission is over.";
        if (_byText.TryGetValue(command.Trim(), out var known)) return _rules.Explain(known, Situation.Place, Situation.Battery);
        return $"'{(command.Length <= 80 ? command : command[..80] + "…")}' is not a command of this mission.";
    }

    /// <inheritdoc/>
    public MissionStep Step(string command)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (IsOver) throw new InvalidOperationException($"Mission '{Name}' is over after {Steps} steps; start another one.");
        Steps++;
        _stale = true;
        var action = _byText.TryGetValue(command.Trim(), out var known) ? _rules.Find(known, Situation.Place, Situation.Battery) : null;
        if (action is null)
        {
            Observation = Explain(command) ?? "Nothing happens.";
            Belief.Update(known, false, Situation);
        }
        else
        {
            Carry(known!, action);
        }
        bool succeeded = Situation.Reported && _world.GoalHolds();
        IsOver = Situation.Reported || IsStranded() || Steps >= Limit;
        return new MissionStep(Reward(succeeded), action is not null, IsOver, false, succeeded);
    }

    /// <inheritdoc/>
    public int Expert()
    {
        Refresh();
        if (_expert.Choose(Belief) is not { } choice) return -1;
        return _candidates.FindIndex(c => c.Verb == choice.Verb && c.Thing == choice.Thing && c.Place == choice.Place);
    }

    /// <inheritdoc/>
    public double Remaining()
    {
        _truth ??= new MissionWorldPlanner(_map);
        int steps = _truth.Plan(Situation, _layout.ItemPlaces, _layout.ItemLockers, Limit).Steps;
        return steps < 0 ? Limit : steps;
    }

    private void Carry(MissionWorldCommand command, GroundAction action)
    {
        var before = Situation;
        _world.Apply(action);
        int battery = before.Battery;
        if (command.Verb == MissionWorldVerb.Drive) battery -= _map.Roads[_map.RoadBetween(before.Place, command.Place)].Cost;
        if (command.Verb == MissionWorldVerb.Charge) battery = _map.BatteryCapacity;
        Situation = _senses.Read(battery);
        Seconds += command.Meaning(_map, before.Place).Seconds;
        Belief.Update(command, true, Situation);
        Look();
        Observation = MissionWorldText.After(Belief, command);
    }

    /// <summary>Shows the agent what lies open: items on the floor, and in lockers that are open.</summary>
    private void Look()
    {
        for (int i = 0; i < _map.Items.Count; i++)
        {
            int locker = _layout.ItemLockers[i];
            if (locker < 0 || (Situation.LockersOpen >> locker & 1) != 0) Belief.See(i, _layout.ItemPlaces[i], locker);
        }
    }

    private bool CanCarry(MissionWorldCommand command) => !IsOver && _rules.Find(command, Situation.Place, Situation.Battery) is not null;

    private bool IsStranded()
    {
        if (_map.IsCharger(Situation.Place) || Situation.Place == _map.Dock) return false;
        foreach (var road in _map.Roads)
        {
            if ((road.A == Situation.Place || road.B == Situation.Place) && road.Cost <= Situation.Battery) return false;
        }
        return true;
    }

    private float Reward(bool succeeded)
    {
        if (succeeded) return 1;
        if (!IsOver || !_options.GradedReward || Situation.Wrong != 0) return 0;
        int goals = _map.Items.Count + System.Numerics.BitOperations.PopCount((uint)_map.Wanted);
        int reached = System.Numerics.BitOperations.PopCount((uint)Situation.Delivered) + System.Numerics.BitOperations.PopCount((uint)(Situation.Inspected & _map.Wanted));
        return 0.8f * reached / goals;
    }

    private void Refresh()
    {
        if (!_stale) return;
        _stale = false;
        _candidates.Clear();
        _calls.Clear();
        foreach (var command in _commands)
        {
            if (!IsPlausible(command) && !CanCarry(command)) continue;
            _candidates.Add(command);
            _calls.Add(command.Call);
        }
    }

    /// <summary>By the belief alone: drive anywhere, open what is closed, act on what was seen and on what is held.</summary>
    private bool IsPlausible(MissionWorldCommand command)
    {
        var s = Belief.Situation;
        return command.Verb switch
        {
            MissionWorldVerb.Drive => command.Place != s.Place,
            MissionWorldVerb.OpenDoor => (s.DoorsOpen >> command.Thing & 1) == 0,
            MissionWorldVerb.OpenLocker => (s.LockersOpen >> command.Thing & 1) == 0,
            MissionWorldVerb.Pick => Belief.ItemPlaces[command.Thing] == command.Place && s.Held != command.Thing && ((s.Delivered | s.Wrong) >> command.Thing & 1) == 0,
            MissionWorldVerb.Process or MissionWorldVerb.Deliver => s.Held == command.Thing,
            MissionWorldVerb.Inspect => (s.Inspected >> command.Thing & 1) == 0,
            _ => true,
        };
    }
}
