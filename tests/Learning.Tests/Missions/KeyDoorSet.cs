using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Learning.Tests.Missions;

/// <summary>A line of seven cells with three boxes, a key in one of them and a locked door: the smallest mission with a hidden object, a long way and commands that look possible and are not.</summary>
internal sealed class KeyDoorSet(string name = "key and door") : IMissionSet
{
    private static readonly MissionShape Widths = new(KeyDoorMission.StateWidth, KeyDoorMission.EventWidth, KeyDoorMission.CandidateWidth, "key and door 1");

    public string Name => name;

    public MissionShape Shape => Widths;

    public int Count => int.MaxValue;

    public bool IsHeldOut(int number) => number % 5 == 0;

    public IMission Start(int number) => new KeyDoorMission(number, Widths);
}

internal sealed class KeyDoorMission : IMission, IMissionProgress
{
    public const int StateWidth = 7 + 4 + 3 + 1, EventWidth = 6 + 2, CandidateWidth = 6 + 3;
    private const int Cells = 7, Door = 6;
    private static readonly int[] Boxes = [1, 3, 5];
    private static readonly string[] Verbs = ["enter", "left", "open", "right", "take", "unlock"];
    private readonly ActionCall[] _calls = [.. Verbs.Select(v => new ActionCall(v, [], v))];
    private readonly int _key;
    private readonly bool[] _opened = new bool[3];
    private readonly float[] _event = new float[EventWidth];
    private int _cell;
    private bool _seen, _held, _unlocked, _done;

    public KeyDoorMission(int number, MissionShape shape)
    {
        var random = RandomStream.For((ulong)number, "key and door");
        (_key, _cell, Shape, Name) = (random.NextInt32(3), random.NextInt32(Cells), shape, $"line {number}");
    }

    public string Name { get; }

    public string Instruction => "find the key, unlock the door, enter";

    public string Observation => $"you are at {_cell}";

    public MissionShape Shape { get; }

    public int Limit => 30;

    public int Steps { get; private set; }

    public ulong WorldVersion => (ulong)Steps;

    public IReadOnlyList<ActionCall> Candidates => _calls;

    public void Describe(MissionView view)
    {
        Array.Clear(view.State);
        view.State[_cell] = 1;
        (view.State[7], view.State[8], view.State[9], view.State[10]) = (_seen ? 1 : 0, _held ? 1 : 0, _unlocked ? 1 : 0, KeyHere ? 1 : 0);
        for (int i = 0; i < 3; i++) view.State[11 + i] = _opened[i] ? 1 : 0;
        view.State[14] = (float)Steps / Limit;
        _event.CopyTo(view.Event, 0);
        view.Resize(6);
        for (int i = 0; i < 6; i++)
        {
            var row = view.Candidate(i);
            row[i] = 1;
            int to = i == 1 ? _cell - 1 : i == 3 ? _cell + 1 : _cell, target = Target();
            row[6] = Math.Abs(to - target) < Math.Abs(_cell - target) ? 1 : 0;
            row[7] = _cell == target ? 1 : 0;
            row[8] = BoxHere >= 0 && !_opened[BoxHere] ? 1 : 0;
            view.Executable[i] = IsExecutable(Verbs[i]);
        }
    }

    public bool IsExecutable(string command) => command switch
    {
        "left" => _cell > 0,
        "right" => _cell < Cells - 1,
        "open" => BoxHere >= 0 && !_opened[BoxHere],
        "take" => _seen && !_held && _cell == Boxes[_key],
        "unlock" => _held && !_unlocked && _cell == Door,
        "enter" => _unlocked && _cell == Door,
        _ => false,
    };

    public string? Explain(string command) => IsExecutable(command) ? null : "not now";

    public MissionStep Step(string command)
    {
        if (_done) throw new InvalidOperationException("The mission is over.");
        bool grounded = IsExecutable(command), entered = false;
        Steps++;
        Array.Clear(_event);
        int verb = Array.IndexOf(Verbs, command);
        if (verb >= 0) _event[verb] = 1;
        _event[6] = grounded ? 1 : 0;
        if (grounded)
        {
            switch (command)
            {
                case "left": _cell--; break;
                case "right": _cell++; break;
                case "open":
                    _opened[BoxHere] = true;
                    _seen |= BoxHere == _key;
                    break;
                case "take": _held = true; break;
                case "unlock": _unlocked = true; break;
                default: entered = true; break;
            }
        }
        _event[7] = KeyHere ? 1 : 0;
        _done = entered || Steps == Limit;
        return new MissionStep(entered ? 1 : 0, grounded, _done, false, entered);
    }

    public int Expert()
    {
        int target = Target();
        if (_cell != target) return target < _cell ? 1 : 3;
        return _unlocked ? 0 : _held ? 5 : _seen ? 4 : 2;
    }

    public double Remaining()
    {
        int box = Boxes[_key], d = 0, cell = _cell;
        if (!_held)
        {
            d += Math.Abs(cell - box) + (_seen ? 1 : 2);
            cell = box;
        }
        return _done && _unlocked && _event[0] == 1 ? 0 : d + Math.Abs(cell - Door) + (_unlocked ? 1 : 2);
    }

    private int BoxHere => Array.IndexOf(Boxes, _cell);

    private bool KeyHere => _seen && !_held && _cell == Boxes[_key];

    // Where the next thing is to be done, as far as the agent knows: the nearest box that is still closed, the key, the door.
    private int Target()
    {
        if (_held) return Door;
        if (_seen) return Boxes[_key];
        int best = -1;
        for (int i = 0; i < 3; i++)
        {
            if (!_opened[i] && (best < 0 || Math.Abs(Boxes[i] - _cell) < Math.Abs(best - _cell))) best = Boxes[i];
        }
        return best;
    }
}
