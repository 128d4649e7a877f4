using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>The task board of the simulated fleet, with a disk of its own.</summary>
internal sealed class SimBoard(FleetWorld world)
{
    private readonly MemoryClock _clock = world.Hub.CreateClock(Duration.FromSeconds(77));
    private readonly MemoryPromiseStore _store = new();
    private readonly List<FleetTask> _wished = [];
    private readonly List<string> _known = [];
    private long _at;

    public TaskBoard? Board { get; private set; }

    public MemoryLink? Link { get; private set; }

    public bool Wake { get; set; }

    public IReadOnlyList<string> Known => _known;

    public long Due => Board is null ? long.MaxValue : _at;

    public bool IsExclusive(string task) => _wished.Exists(t => t.Id == task && t.Class == TaskClass.Exclusive);

    public void Wish(FleetTask task)
    {
        _wished.Add(task);
        _known.Add(task.Id);
        Board?.Add(task);
        Wake = true;
    }

    public void Start()
    {
        if (Board != null) return;
        _store.Reopen();
        var presence = new FleetPresence(new FleetTopics("s", "fleet"), _store, _clock);
        Link = world.Hub.CreateLink(new LinkOptions { Broker = new Uri("mqtt://hub"), ClientId = "fleet", Will = presence.Will, Birth = presence.Birth, Seed = 99, MaxRetrySeconds = 2 }, _clock);
        Board = new TaskBoard(Link, presence, _store, new BoardOptions { LossAfter = Duration.FromSeconds(15) });
        foreach (var task in _wished) Board.Add(task);
        _ = Link.StartAsync();
        (_at, Wake) = (world.Hub.Now.Nanoseconds, true);
    }

    public void Crash()
    {
        Board?.Dispose();
        Board = null;
        _ = Link?.StopAsync(graceful: false);
        Link = null;
    }

    public void Step()
    {
        long now = world.Hub.Now.Nanoseconds;
        if (Board is null || (!Wake && now < _at)) return;
        Wake = false;
        Board.Step(_clock.Now);
        _at = Math.Max(_clock.HubTime(Board.NextDue).Nanoseconds, now + 1);
    }
}
