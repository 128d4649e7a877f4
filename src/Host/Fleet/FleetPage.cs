using System.Buffers;
using System.Text.Json;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>The live page of a fleet whose robots are watched from outside: where their bodies are, what they do, the tasks of the board, and what is wrong.</summary>
/// <remarks>Who holds which lease only the robots themselves know; it is left out. One thread, apart from the page's own.</remarks>
internal sealed class FleetPage : IDisposable
{
    private readonly RunView _view;
    private readonly MapView _yard;
    private readonly IReadOnlyList<string> _names;

    private FleetPage(RunView view, Scenario yard, IReadOnlyList<string> names)
    {
        (_view, _names) = (view, names);
        _yard = WorldMap.Of(new World(yard));
    }

    /// <summary>Gets the address to open in a browser.</summary>
    public Uri Address => _view.Address;

    /// <summary>Opens a page on this machine.</summary>
    /// <param name="port">The TCP port; null = the usual one, and any other where that is taken.</param>
    /// <param name="yard">Where the robots are.</param>
    /// <param name="names">Their names.</param>
    /// <exception cref="EdgeException">The port is taken.</exception>
    public static FleetPage Open(int? port, Scenario yard, IReadOnlyList<string> names)
    {
        var options = new LiveOptions { Robot = "fleet", Port = port ?? new LiveOptions().Port };
        try
        {
            return new FleetPage(RunView.Start(options), yard, names);
        }
        catch (EdgeException taken) when (taken.Code == ExitCode.Io && port is null)
        {
            // Nobody asked for this port by name.
            return new FleetPage(RunView.Start(options with { Port = 0 }), yard, names);
        }
    }

    /// <summary>Shows how things stand.</summary>
    /// <param name="now">Since the start.</param>
    /// <param name="truths">The robots, in the order of their names; null for one that was not heard of.</param>
    /// <param name="runs">Whether a robot's program runs.</param>
    /// <param name="tasks">The board's tasks.</param>
    /// <param name="trouble">What is done to the fleet on purpose now; null = nothing.</param>
    public void Show(Stamp now, IReadOnlyList<RobotTruth?> truths, Func<int, bool> runs, IReadOnlyList<FleetTask> tasks, string? trouble) =>
        _view.Show(new LiveView(now, [], Map(truths, tasks)) { Fleet = Fleet(now, truths, runs, tasks, trouble) });

    /// <inheritdoc/>
    public void Dispose() => _view.Dispose();

    private MapView Map(IReadOnlyList<RobotTruth?> truths, IReadOnlyList<FleetTask> tasks) => _yard with
    {
        Robots = [.. truths.OfType<RobotTruth>().Select(t => new MapRobot(_names[t.Index], new Pose2(t.X, t.Y, t.Heading), t.Radius, Goal(t, tasks), t.Done, t.Contacts))],
    };

    private static Goal Goal(RobotTruth truth, IReadOnlyList<FleetTask> tasks) =>
        truth.Task is { } id && tasks.FirstOrDefault(t => t.Id == id) is { } task ? new Goal(1, task.X, task.Y, (float)truth.Radius) : Runtime.Messages.Goal.None;

    // The keys of FleetView, for the same panel; docs/fleet.md lists them.
    private byte[] Fleet(Stamp now, IReadOnlyList<RobotTruth?> truths, Func<int, bool> runs, IReadOnlyList<FleetTask> tasks, string? trouble)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        string? coordinator = truths.OfType<RobotTruth>().FirstOrDefault(t => t.Coordinates && runs(t.Index)) is { } leader ? _names[leader.Index] : null;
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("time", Math.Round(now.Seconds, 3));
            json.WriteStartArray("notes");
            foreach (string note in Notes(truths, runs, trouble)) json.WriteStringValue(note);
            json.WriteEndArray();
            json.WriteStartArray("robots");
            for (int i = 0; i < truths.Count; i++) Robot(json, i, truths[i], runs(i), coordinator);
            json.WriteEndArray();
            json.WriteStartArray("tasks");
            foreach (var task in tasks) Task(json, task, truths);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private IEnumerable<string> Notes(IReadOnlyList<RobotTruth?> truths, Func<int, bool> runs, string? trouble)
    {
        if (trouble is not null) yield return $"Drill: {trouble}.";
        for (int i = 0; i < truths.Count; i++)
        {
            if (!runs(i)) yield return $"{_names[i]} does not run.";
            else if (truths[i] is null) yield return $"{_names[i]} was not heard of yet.";
            else if (truths[i] is { LinkState: not LinkState.Up } truth) yield return $"{_names[i]}: link {Name(truth.LinkState)}.";
        }
    }

    private void Robot(Utf8JsonWriter json, int index, RobotTruth? truth, bool runs, string? coordinator)
    {
        json.WriteStartObject();
        json.WriteString("robot", _names[index]);
        json.WriteString("phase", !runs ? "killed" : truth is null ? "starting" : Name(truth.Phase));
        json.WriteString("task", runs ? truth?.Task : null);
        json.WriteNumber("done", truth?.Done ?? 0);
        json.WriteString("link", runs && truth is not null ? Name(truth.LinkState) : Name(LinkState.Stopped));
        json.WriteNumber("alive", runs ? truth?.Alive ?? 0 : 0);
        json.WriteString("coordinator", coordinator);
        json.WriteBoolean("coordinates", runs && truth is { Coordinates: true });
        json.WriteEndObject();
    }

    private void Task(Utf8JsonWriter json, FleetTask task, IReadOnlyList<RobotTruth?> truths)
    {
        json.WriteStartObject();
        json.WriteString("task", task.Id);
        json.WriteString("kind", task.Kind);
        json.WriteNumber("x", Math.Round(task.X, 3));
        json.WriteNumber("y", Math.Round(task.Y, 3));
        json.WriteString("class", Name(task.Class));
        json.WriteString("state", Name(task.State));
        json.WriteString("robot", task.By ?? (truths.OfType<RobotTruth>().FirstOrDefault(t => t.Task == task.Id) is { } at && !task.IsFinal ? _names[at.Index] : null));
        json.WriteEndObject();
    }

    private static string Name(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
