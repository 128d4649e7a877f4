using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Five robots, a board and eight tasks over the in-memory hub, in virtual time, with everything going wrong until 25 s.</summary>
internal sealed class FleetWorld
{
    internal const int Robots = 5;
    internal const long Ms = 1_000_000, Second = 1_000 * Ms, FaultsEnd = 20 * Second, End = 110 * Second;
    internal static readonly string[] Names = ["r1", "r2", "r3", "r4", "r5"];
    private readonly List<(long At, Action What)> _script = [];
    private readonly SimRobot[] _robots = new SimRobot[Robots];
    private readonly SimBoard _board;
    private readonly HashSet<string> _unclear = new(StringComparer.Ordinal);
    private uint _lastActingTerm;
    private long _goodSince = -1;

    private FleetWorld(ulong seed, FleetMutation mutation, int faults, bool wrongClock = false)
    {
        Random = RandomStream.For(seed, "world");
        (Seed, Mutation) = (seed, mutation);
        Hub = new MemoryHub(seed);
        Roster = new Roster(1, Names);
        for (int i = 0; i < Robots; i++) _robots[i] = new SimRobot(this, Names[i]);
        _board = new SimBoard(this);
        foreach (var robot in _robots) robot.Start();
        _board.Start();
        for (int i = 0; i < 8; i++)
        {
            var task = new FleetTask { Id = $"t{i}", Class = i % 2 == 0 ? TaskClass.Exclusive : TaskClass.Idempotent, X = Random.NextDouble(0, 50), Y = Random.NextDouble(0, 50), Seconds = 1 + i % 3, Reward = 10 };
            _script.Add(((long)(Random.NextDouble() * 12 * Second), () => _board.Wish(task)));
        }
        Plan = wrongClock ? FleetFaults.CutOffWithAClockPutBack(Names[(int)(seed % Robots)]) : FleetFaults.Make(Random, faults, this);
        Hub.Apply(Plan);
        _script.Sort((a, b) => a.At.CompareTo(b.At));
    }

    public ulong Seed { get; }

    public FleetMutation Mutation { get; }

    public MemoryHub Hub { get; }

    public Roster Roster { get; }

    public RandomStream Random { get; }

    public FaultPlan Plan { get; }

    public SortedDictionary<string, List<string>> Deeds { get; } = new(StringComparer.Ordinal);

    public int LostDisks { get; set; }

    public SimRobot this[int index] => _robots[index];

    public SimBoard Board => _board;

    public void At(long time, Action what) => _script.Add((time, what));

    public static string? Run(ulong seed, FleetMutation mutation = FleetMutation.None, int faults = 6, bool wrongClock = false)
    {
        var world = new FleetWorld(seed, mutation, faults, wrongClock);
        return world.Drive() is { } fault ? $"{fault}{Environment.NewLine}{world.Plan}" : null;
    }

    public static ulong Trace(ulong seed)
    {
        var world = new FleetWorld(seed, FleetMutation.None, 6);
        world.Drive();
        return world.Hub.TraceHash;
    }

    /// <summary>A robot does what the task asks for; there is no way back from here.</summary>
    public void Do(string task, string robot)
    {
        if (!Deeds.TryGetValue(task, out var by)) Deeds.Add(task, by = []);
        by.Add(robot);
    }

    /// <summary>A robot vanished in the act: its task may be held for ever.</summary>
    public void Unclear(string task) => _unclear.Add(task);

    private string? Drive()
    {
        int next = 0;
        while (Hub.Now.Nanoseconds < End)
        {
            long at = Hub.NextEvent?.Nanoseconds ?? long.MaxValue;
            if (next < _script.Count) at = Math.Min(at, _script[next].At);
            foreach (var robot in _robots) at = Math.Min(at, robot.Due);
            at = Math.Max(Math.Min(at, _board.Due), Hub.Now.Nanoseconds);
            Hub.RunUntil(new Stamp(at));
            while (next < _script.Count && _script[next].At <= at) _script[next++].What();
            while (Hub.TakeArrived(out var link))
            {
                foreach (var robot in _robots)
                {
                    if (robot.Link == link) robot.Wake = true;
                }
                if (_board.Link == link) _board.Wake = true;
            }
            foreach (var robot in _robots) robot.Step();
            _board.Step();
            if (Check() is { } fault) return $"{fault} at {at / 1e9:F3} s";
            if (at > FaultsEnd && IsGood())
            {
                // Agreement must last, not pass.
                if (_goodSince < 0) _goodSince = at;
                if (at - _goodSince > 3 * Second) return Final();
            }
            else _goodSince = -1;
        }
        return $"not settled {(End - FaultsEnd) / Second} s after the last fault: {Describe()}";
    }

    private string? Check()
    {
        int acting = 0;
        for (int i = 0; i < Robots; i++)
        {
            if (_robots[i].Node is not { } node || !node.IsCoordinating(_robots[i].Now)) continue;
            acting++;
            if (node.Term < _lastActingTerm) return $"term {node.Term} acts after term {_lastActingTerm}";
            _lastActingTerm = node.Term;
        }
        if (acting > 1) return $"{acting} coordinators act";
        foreach (var task in _board.Known)
        {
            int holders = 0;
            foreach (var robot in _robots)
            {
                if (robot.Node is { } node && node.Token(task, robot.Now) != 0) holders++;
            }
            if (holders > 1) return $"{holders} robots hold valid tokens of {task}";
        }
        foreach (var robot in _robots)
        {
            if (robot.Node is not { } node) continue;
            foreach (var task in node.OpenTasks)
            {
                if (Unexplained(node, task, robot.Now) is { } fault) return $"{robot.Name}: {fault}";
            }
        }
        foreach (var (task, by) in Deeds)
        {
            if (by.Count > 1 && _board.IsExclusive(task)) return $"exclusive {task} was done by {string.Join(" and ", by)}";
        }
        return null;
    }

    // Guarantee 2: a task that is to be done has a robot, or there is a reason, and the reason is true.
    private static string? Unexplained(FleetNode node, FleetTask task, Stamp now)
    {
        string? owner = node.OwnerOf(task.Id);
        var reason = node.WhyUnassigned(task.Id, now);
        if ((owner is null) == (reason == Unassigned.No)) return $"{task.Id} is {owner ?? "nobody"}'s, and the reason is {reason}";
        return reason switch
        {
            Unassigned.Unknown => $"{task.Id} is known and counts as unknown",
            Unassigned.Held when task.State != TaskState.Held => $"{task.Id} is {task.State} and counts as held",
            Unassigned.BundlesFull when !node.Cbba.IsFull => $"{task.Id} waits for room where there is some",
            _ => null,
        };
    }

    private bool IsGood()
    {
        if (_board.Board is not { } board || board.Tasks.Count() < 8 || board.Tasks.Any(t => !t.IsFinal && !(t.State == TaskState.Held && _unclear.Contains(t.Id)))) return false;
        int acting = 0;
        foreach (var robot in _robots)
        {
            if (robot.Node is not { } node) return false;
            if (node.IsCoordinating(robot.Now)) acting++;
            foreach (var task in board.Tasks)
            {
                if (node.FindTask(task.Id)?.State != task.State) return false;
            }
            foreach (var other in _robots)
            {
                // Nobody dead who lives: a late will of an earlier start must not have killed it.
                if (other != robot && node.Members.Find(other.Name) is not { State: MemberState.Alive, Presence: RobotPresence.Online } member) return false;
                if (other != robot && node.Members.Find(other.Name)!.Incarnation != other.Node?.Incarnation) return false;
            }
        }
        return acting == 1;
    }

    private string? Final()
    {
        foreach (var task in _board.Board!.Tasks)
        {
            int done = Deeds.TryGetValue(task.Id, out var by) ? by.Count : 0;
            if (task.State == TaskState.Done && done == 0) return $"{task.Id} counts as done and was never done";
            if (task.State == TaskState.Held && !_unclear.Contains(task.Id)) return $"{task.Id} is held without reason: {task.Why}";
        }
        return null;
    }

    private string Describe()
    {
        var text = new System.Text.StringBuilder();
        foreach (var task in _board.Board?.Tasks ?? []) text.Append($" {task.Id}={task.State}/{task.Revision}{(task.IsFinal ? "" : " " + task.Class)}");
        foreach (var robot in _robots)
        {
            text.Append($"{Environment.NewLine}  {robot.Name}: ");
            if (robot.Node is not { } node)
            {
                text.Append("down");
                continue;
            }
            text.Append($"{robot.Link!.Status.State} voter={node.IsVoter} leader={node.Coordinator} term={node.Term} acts={node.IsCoordinating(robot.Now)} underWay={node.UnderWay} inc={node.Incarnation} {node.Counters} {robot.Link.Counters} inbox dropped {robot.Link.Inbox.Dropped}");
            foreach (var task in node.OpenTasks) text.Append($" {task.Id}->{node.OwnerOf(task.Id) ?? node.WhyUnassigned(task.Id, robot.Now).ToString()}({node.MayStart(task.Id, robot.Now)})");
            foreach (var member in node.Members.Members) text.Append($" [{member.Robot} {member.State} {member.Presence} {member.Incarnation}]");
        }
        return text.ToString();
    }
}
