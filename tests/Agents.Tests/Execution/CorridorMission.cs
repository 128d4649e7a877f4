using System.Globalization;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Rooms in a row: walk to the last one and report there. All rooms are on offer, only neighbours can be walked to.</summary>
internal sealed class CorridorMission : IMission
{
    private readonly int _rooms;
    private readonly List<ActionCall> _candidates = [];

    public CorridorMission(int rooms = 6, int limit = 40)
    {
        (_rooms, Limit) = (rooms, limit);
        for (int i = 0; i < rooms; i++) _candidates.Add(new ActionCall("go to", [$"room {i}"], $"go to room {i}"));
        _candidates.Add(new ActionCall("wait", [], "wait"));
        _candidates.Add(new ActionCall("report", [], "report"));
        _candidates.Sort((a, b) => string.CompareOrdinal(a.Text, b.Text));
    }

    public int Room { get; private set; }

    /// <summary>What to show besides the room: text from outside.</summary>
    public string Label { get; set; } = "";

    /// <summary>Commands carried out, those without effect included.</summary>
    public List<string> Done { get; } = [];

    public string Name => "corridor";

    public string Instruction => $"report from room {_rooms - 1}";

    public string Observation => $"You are in room {Room}. {Label}";

    public MissionShape Shape { get; } = new(2, 1, 2, "corridor");

    public int Limit { get; }

    public int Steps { get; private set; }

    public ulong WorldVersion { get; private set; } = 100;

    public IReadOnlyList<ActionCall> Candidates => _candidates;

    /// <summary>Lets the world change under a thinking policy's feet.</summary>
    public void Disturb() => WorldVersion++;

    public void Describe(MissionView view)
    {
        view.Resize(_candidates.Count);
        view.State[0] = Room;
        view.State[1] = (float)Steps / Limit;
        for (int i = 0; i < _candidates.Count; i++) view.Executable[i] = IsExecutable(_candidates[i].Text);
    }

    public bool IsExecutable(string command) => command is "wait" or "report" || Target(command) is { } room && Math.Abs(room - Room) == 1;

    public string? Explain(string command) => IsExecutable(command) ? null : $"room {Room} is not next to what '{command}' names";

    public MissionStep Step(string command)
    {
        if (Steps >= Limit) throw new InvalidOperationException("The mission is over.");
        Steps++;
        WorldVersion++;
        Done.Add(command);
        bool grounded = IsExecutable(command), succeeded = command == "report" && Room == _rooms - 1;
        if (grounded && Target(command) is { } room) Room = room;
        bool over = command == "report" || Steps >= Limit;
        return new MissionStep(succeeded ? 1 : 0, grounded, over, false, succeeded);
    }

    public int Expert() => _candidates.FindIndex(c => c.Text == (Room == _rooms - 1 ? "report" : $"go to room {Room + 1}"));

    public ActionCall Call(string text) => _candidates.Single(c => c.Text == text);

    private int? Target(string command) =>
        command.StartsWith("go to room ", StringComparison.Ordinal) && int.TryParse(command["go to room ".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int room) && room < _rooms ? room : null;
}
