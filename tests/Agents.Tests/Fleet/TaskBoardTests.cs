using System.Text;
using System.Text.Json;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

public sealed class TaskBoardTests
{
    private readonly Site _site = new();
    private readonly MemoryPromiseStore _store = new();
    private readonly MemoryLink _robot, _watcher;
    private readonly Dictionary<string, ulong> _sequence = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _told = new(StringComparer.Ordinal);
    private TaskBoard _board;
    private MemoryLink _link;
    private int _starts;
    private bool _crashed;

    public TaskBoardTests()
    {
        _robot = _site.Join("r1");
        _watcher = _site.Join("watcher", "ea/v1/s/task/+");
        (_board, _link) = Start();
    }

    [Fact]
    public void Add_Task_IsToldKeptAndToldAgain()
    {
        Assert.True(_board.Add(Task("a")));
        Assert.True(_board.Add(Task("a") with { X = 9 }));
        Run(1);
        Assert.Equal(1, _board.Find("a")!.X);
        Assert.Single(Told("a"));
        Run(21);
        // Every ten seconds while it is open.
        Assert.InRange(Told("a").Count, 2, 3);
        Assert.Throws<ArgumentException>(() => _board.Add(Task("coord")));
    }

    [Fact]
    public void Cancel_Task_IsFinalWhateverComesLater()
    {
        _board.Add(Task("a"));
        Run(1);
        Assert.True(_board.Cancel("a", "no longer wanted"));
        Assert.False(_board.Cancel("a", "twice") || _board.Reopen("a") || _board.Close("a"));
        Report("r1", "a", ReportState.Done);
        Run(1);
        Assert.Equal((TaskState.Cancelled, "no longer wanted", 0L), (_board.Find("a")!.State, _board.Find("a")!.Why, _board.DoneTwice));
        Assert.Equal(0, _board.Unfinished);
        Assert.Contains("cancelled", Told("a")[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Report_Interrupted_HoldsOrOpensAsTheTaskHasIt()
    {
        _board.Add(Task("hold"));
        _board.Add(Task("retry") with { OnLoss = TaskLoss.Retry });
        Run(1);
        foreach (string id in (string[])["hold", "retry"]) Report("r1", id, ReportState.Interrupted);
        Run(1);
        Assert.Equal((TaskState.Held, 0u), (_board.Find("hold")!.State, _board.Find("hold")!.Revision));
        Assert.Contains("r1", _board.Find("hold")!.Why, StringComparison.Ordinal);
        Assert.Equal((TaskState.Open, 1u), (_board.Find("retry")!.State, _board.Find("retry")!.Revision));
        // The word of an earlier round counts no more.
        Report("r1", "retry", ReportState.Interrupted);
        Run(1);
        Assert.Equal(1u, _board.Find("retry")!.Revision);
        Assert.True(_board.Reopen("hold"));
        Assert.Equal((TaskState.Open, 1u, ""), (_board.Find("hold")!.State, _board.Find("hold")!.Revision, _board.Find("hold")!.Why));
        Assert.False(_board.Reopen("hold"));
    }

    [Fact]
    public void Close_HeldTask_IsDone()
    {
        _board.Add(Task("a"));
        Run(1);
        Report("r1", "a", ReportState.Interrupted);
        Run(1);
        Assert.True(_board.Close("a", "r1"));
        Assert.Equal((TaskState.Done, "r1", ""), (_board.Find("a")!.State, _board.Find("a")!.By, _board.Find("a")!.Why));
    }

    [Fact]
    public void Report_DoneByASecond_IsCountedOnce()
    {
        _board.Add(Task("a"));
        Run(1);
        Report("r1", "a", ReportState.Done);
        Run(1);
        for (int i = 0; i < 3; i++) Report("r1", "a", ReportState.Done);
        Run(1);
        Assert.Equal(0, _board.DoneTwice);
        for (int i = 0; i < 3; i++) Report("r2", "a", ReportState.Done);
        Run(1);
        Assert.Equal((1L, "r1"), (_board.DoneTwice, _board.Find("a")!.By));
    }

    [Fact]
    public void Vote_CommitAndSilence_CountsAsVanishedInTheAct()
    {
        _board.Add(Task("a"));
        Run(11);
        Vote("r2", "a", granted: true);
        Run(55);
        Assert.Equal(TaskState.Open, _board.Find("a")!.State);
        Run(10);
        Assert.Equal(TaskState.Held, _board.Find("a")!.State);
        Assert.Contains("r1 was about to do it", _board.Find("a")!.Why, StringComparison.Ordinal);
        // Heard of after all: what was done is done.
        Report("r1", "a", ReportState.Done);
        Run(1);
        Assert.Equal(TaskState.Done, _board.Find("a")!.State);
    }

    [Fact]
    public void Tombstone_PastItsTime_IsForgottenOnDiskToo()
    {
        _board.Add(Task("a"));
        Run(1);
        _board.Close("a");
        Run(90);
        Assert.NotNull(_board.Find("a"));
        Assert.NotEmpty(_store.Keys("task/"));
        Run(60);
        Assert.Null(_board.Find("a"));
        Assert.Empty(_store.Keys("task/"));
        Assert.True(Told("a")[^1].Contains("done", StringComparison.Ordinal));
    }

    [Fact]
    public void Restart_MidWay_GoesOnWhereItWas()
    {
        foreach (string id in (string[])["open", "held", "done", "cancelled"]) _board.Add(Task(id));
        Run(1);
        Report("r1", "held", ReportState.Interrupted);
        Report("r1", "done", ReportState.Done);
        Run(1);
        _board.Cancel("cancelled", "why");
        var before = _board.Tasks.ToArray();
        Crash();
        Report("r1", "open", ReportState.Done);
        Run(5);
        (_board, _link) = Start();
        Assert.Equal(before, _board.Tasks);
        // What a robot says while the board is away it says again.
        Run(2);
        Report("r1", "open", ReportState.Done);
        Run(2);
        Assert.Equal(TaskState.Done, _board.Find("open")!.State);
        Assert.Contains("held", Told("held")[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Restart_BetweenTellingAndKeeping_NeverGoesBack()
    {
        _board.Add(Task("a"));
        Run(1);
        _store.Refuse(true);
        Assert.False(_board.Cancel("a", "disk full"));
        Report("r1", "a", ReportState.Done);
        Run(2);
        // Not kept, so not told: the robot goes on saying it.
        Assert.Equal(TaskState.Open, _board.Find("a")!.State);
        Assert.DoesNotContain(Told("a"), t => t.Contains("done", StringComparison.Ordinal));
        _store.Refuse(false);
        Report("r1", "a", ReportState.Done);
        Run(2);
        Assert.Equal(TaskState.Done, _board.Find("a")!.State);
    }

    [Fact]
    public void DiskLost_BrokersCopies_AreTakenUp()
    {
        foreach (string id in (string[])["open", "held", "done"]) _board.Add(Task(id));
        Run(1);
        Report("r1", "held", ReportState.Interrupted);
        Report("r1", "done", ReportState.Done);
        Run(2);
        Crash();
        _store.Lose();
        Run(3);
        (_board, _link) = Start();
        Assert.Empty(_board.Tasks);
        Run(2);
        Assert.Equal([("done", TaskState.Done), ("held", TaskState.Held), ("open", TaskState.Open)], _board.Tasks.Select(t => (t.Id, t.State)));
        // Done under a board that nobody remembers: noted, so that nobody does it again.
        Report("r1", "gone", ReportState.Done);
        Run(1);
        Assert.Equal((TaskState.Done, "r1"), (_board.Find("gone")!.State, _board.Find("gone")!.By));
    }

    [Fact]
    public void DiskLost_StaleCopyAfterTheEnd_DoesNotOpenItAgain()
    {
        _board.Add(Task("a"));
        Run(1);
        Crash();
        _store.Lose();
        Run(2);
        (_board, _link) = Start();
        Run(1);
        _board.Cancel("a", "why");
        Run(1);
        // A broker that fell back tells an old revision.
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes)) (Task("a") with { Revision = 7 }).Write(json, new FleetEnvelope(1, 99, 0, 0));
        _robot.Post(LinkTopic.Parse("ea/v1/s/task/a"), bytes.WrittenSpan, new PublishOptions(PublishClass.Command));
        Run(1);
        Assert.Equal(TaskState.Cancelled, _board.Find("a")!.State);
    }

    [Fact]
    public void Receive_Noise_IsCounted()
    {
        foreach (string topic in (string[])["r/r1/task/a", "r/r1/task/a!", "r/r 1/task/a"])
            _robot.Post(LinkTopic.Parse("ea/v1/s/" + topic), "noise"u8, new PublishOptions(PublishClass.Command));
        Run(1);
        Assert.Equal(3, _board.Malformed);
    }

    private static FleetTask Task(string id) => new() { Id = id, Class = TaskClass.Exclusive, X = 1, Y = 2, Seconds = 1, Reward = 5 };

    private (TaskBoard, MemoryLink) Start()
    {
        _crashed = false;
        _store.Reopen();
        var presence = new FleetPresence(new FleetTopics("s", "board"), _store, _site.Hub.CreateClock());
        var link = _site.Hub.CreateLink(Site.Options($"board{_starts++}"));
        var board = new TaskBoard(link, presence, _store, new BoardOptions { TombstoneFor = Duration.FromSeconds(100) });
        _ = link.StartAsync();
        _site.Run(0.01);
        return (board, link);
    }

    private void Crash()
    {
        _crashed = true;
        _board.Dispose();
        _ = _link.StopAsync(graceful: false);
    }

    private void Run(double seconds)
    {
        for (int i = 0; i < seconds * 10; i++)
        {
            _site.Run(0.1);
            if (!_crashed) _board.Step(_site.Hub.Now);
        }
    }

    private void Report(string robot, string task, ReportState state)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        string topic = $"ea/v1/s/r/{robot}/task/{task}";
        ulong number = _sequence[topic] = _sequence.GetValueOrDefault(topic) + 1;
        using (var json = new Utf8JsonWriter(bytes)) new TaskReport(state, 0, 0, 100).Write(json, new FleetEnvelope(1, number, 0, 0));
        _robot.Post(LinkTopic.Parse(topic), bytes.WrittenSpan, new PublishOptions(PublishClass.Command));
    }

    private void Vote(string voter, string task, bool granted)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes)) new LeaseVote(task, 1UL << 32 | 5, "r1", 1, 1, granted, 1UL << 32 | 5, true).Write(json, new FleetEnvelope(1, 1, 0, 0));
        _robot.Post(LinkTopic.Parse($"ea/v1/s/r/{voter}/vote/{task}"), bytes.WrittenSpan, new PublishOptions(PublishClass.Command));
    }

    private List<string> Told(string task)
    {
        var message = new LinkMessage();
        while (_watcher.Inbox.TryTake(message))
        {
            string id = Encoding.UTF8.GetString(message.Topic).Split('/')[^1];
            if (!_told.TryGetValue(id, out var list)) _told.Add(id, list = []);
            list.Add(Encoding.UTF8.GetString(message.Payload));
        }
        return _told.GetValueOrDefault(task) ?? [];
    }
}
