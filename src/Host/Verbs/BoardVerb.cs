using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Where the tasks of a site's robots come from.</summary>
internal sealed class BoardVerb : Verb
{
    private const int MaxBytes = 1 << 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Option<string> _broker = new("--broker") { HelpName = "mqtt://host:port", Description = "The site's broker.", Required = true };
    private readonly Option<string> _site = new("--site") { HelpName = "name", Description = "The site's name in topics; default site1.", DefaultValueFactory = _ => "site1" };
    private readonly Option<string> _store = new("--store") { HelpName = "folder", Description = "Where the board keeps its tasks; default board. One board a site.", DefaultValueFactory = _ => "board" };
    private readonly Option<string?> _tasks = VerbOption.Text("--tasks", "file", "Tasks to add: a JSON list of {id, x, y, seconds, kind, exclusive}. Ids that the board knows are left as they are.");
    private readonly Option<double> _seconds = VerbOption.Number("--seconds", "Ends after so many seconds; 0 = when all tasks are done.", 0.0, 0, 31_536_000);

    /// <summary>Makes the verb.</summary>
    public BoardVerb()
        : base(
            "board",
            "Hands a site's tasks to its robots over MQTT and keeps what became of them.",
            "edge board --broker mqtt://127.0.0.1:1883 --tasks tasks.json",
            "edge board --broker mqtt://127.0.0.1:1883 --seconds 3600 --json")
    {
        Add(_broker);
        Add(_site);
        Add(_store);
        Add(_tasks);
        Add(_seconds);
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal)
    {
        using var signals = new StopSignals();
        var address = FleetVerb.Address(parse.GetValue(_broker))!;
        var tasks = parse.GetValue(_tasks) is { } file ? Read(file) : [];
        double limit = parse.GetValue(_seconds);
        string folder = Path.GetFullPath(parse.GetValue(_store)!), site = parse.GetValue(_site)!;
        try
        {
            Directory.CreateDirectory(folder);
            var store = new FilePromiseStore(Path.Combine(folder, "tasks"));
            var presence = new FleetPresence(new FleetTopics(site, "board"), store, TimeProvider.System, ProgramVersion.Text);
            var link = Links.Open(Links.Options(address, site, presence, 1));
            using var board = new TaskBoard(link, presence, store, new BoardOptions());
            foreach (var task in tasks) board.Add(task);
            _ = link.StartAsync();
            LiveTable.Run(terminal, show => Watch(board, link, limit, show, signals.Token));
            link.StopAsync(graceful: true).Wait(TimeSpan.FromSeconds(3));
            link.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(3));
            var result = new BoardResult(site, board.Tasks.Count(), board.Tasks.Count(t => t.State == TaskState.Done), board.Unfinished, board.DoneTwice, [.. board.Tasks.Select(t => new BoardRow(t.Id, t.Kind, t.Class, t.State, t.By, t.Why))]);
            if (terminal.Json) terminal.Output.WriteLine(JsonOutput.Serialize(result));
            else TableWriter.Write(terminal, Table(board, $"site {site}: {result.Done} of {result.Tasks} tasks done"));
            return ExitCode.Ok;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new EdgeException(error is ArgumentException ? ExitCode.Usage : ExitCode.Io, $"The board: {error.Message}", error);
        }
    }

    private static void Watch(TaskBoard board, IMqttLink link, double limit, Action<TableView> show, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        double shown = -1;
        while (!stop.IsCancellationRequested)
        {
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (limit > 0 ? seconds >= limit : board.Unfinished == 0) return;
            board.Step(Stamp.FromSeconds(seconds));
            if (seconds - shown >= 0.5)
            {
                shown = seconds;
                show(Table(board, string.Create(CultureInfo.InvariantCulture, $"{board.Unfinished} tasks to be done   link {link.Status.State} {link.Status.Reason}   Ctrl-C ends it")));
            }
            stop.WaitHandle.WaitOne(Pause);
        }
    }

    private static TableView Table(TaskBoard board, string title) => new(
        title, ["task", "what", "class", "state", "robot", "why"], [.. board.Tasks.Select(t => (IReadOnlyList<string>)[t.Id, t.Kind, t.Class.ToString(), t.State.ToString(), t.By ?? "", t.Why])]);

    private static List<FleetTask> Read(string file)
    {
        var info = new FileInfo(file);
        if (!info.Exists) throw new EdgeException(ExitCode.InputMissing, $"{file} does not exist; check the path.");
        if (info.Length > MaxBytes) throw new EdgeException(ExitCode.Io, $"{file} has {info.Length} bytes; a list of tasks has at most {MaxBytes}.");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file), new JsonDocumentOptions { MaxDepth = 4, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var tasks = new List<FleetTask>();
            foreach (var item in json.RootElement.EnumerateArray())
            {
                var task = new FleetTask
                {
                    Id = item.GetProperty("id").GetString() ?? "", X = item.GetProperty("x").GetDouble(), Y = item.GetProperty("y").GetDouble(),
                    Seconds = item.TryGetProperty("seconds", out var s) ? s.GetDouble() : 0, Kind = item.TryGetProperty("kind", out var k) ? k.GetString() ?? "" : "",
                    Class = item.TryGetProperty("exclusive", out var e) && e.GetBoolean() ? TaskClass.Exclusive : TaskClass.Idempotent, OnLoss = item.TryGetProperty("exclusive", out e) && e.GetBoolean() ? TaskLoss.Hold : TaskLoss.Retry,
                };
                if (task.Fault() is { } fault) throw new EdgeException(ExitCode.Io, $"{file}, task {tasks.Count + 1}: {fault}");
                tasks.Add(task);
            }
            return tasks;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new EdgeException(ExitCode.Io, $"{file} is no list of tasks: {broken.Message} It must be a JSON list of {{\"id\": \"t1\", \"x\": 2.5, \"y\": 1, \"seconds\": 5, \"kind\": \"scan\", \"exclusive\": false}}.", broken);
        }
    }
}
