using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Three nodes over the in-memory hub: one has granted a commit, loses its disk, and is admitted again; the holder is gone.</summary>
internal sealed class ReadmissionFleet(ulong seed) : IDisposable
{
    private const long Second = 1_000_000_000;
    private static readonly string[] Names = ["r1", "r2", "r3"];
    private readonly MemoryHub _hub = new(seed);
    private readonly Roster _roster = new(1, Names);
    private readonly MemoryPromiseStore[] _stores = [new(), new(), new()];
    private readonly FleetNode?[] _nodes = new FleetNode?[3];
    private readonly MemoryLink?[] _links = new MemoryLink?[3];
    private readonly long[] _at = new long[3];

    public string? Run()
    {
        for (int i = 0; i < 3; i++)
        {
            _roster.Admit(_stores[i]);
            Start(i);
        }
        Drive(6 * Second, () => false);
        if (!Drive(12 * Second, () => Array.Exists(_nodes, n => n!.IsCoordinating(_hub.Now)))) return "nobody coordinates";
        uint term = _nodes[0]!.Term;
        // r1 and r2 grant a commit to a robot that is not there any more; r3 never hears of it.
        var claim = new LeaseClaim("t", _roster.EpochFloor + 1, 9, Duration.FromSeconds(4), 1, 0, Commit: true);
        for (int i = 0; i < 2; i++)
        {
            if (_nodes[i]!.Voter.OnClaim("gone", claim, _hub.Now) is not { Granted: true }) return "the commit was not granted";
        }
        _nodes[0]!.Dispose();
        (_nodes[0], _at[0]) = (null, long.MaxValue);
        _ = _links[0]!.StopAsync(graceful: false);
        _stores[0].Lose();
        _roster.Readmit(_stores[0]);
        Drive(_hub.Now.Nanoseconds + 2 * Second, () => false);
        long started = _hub.Now.Nanoseconds;
        Start(0);
        if (_nodes[0]!.IsVoter) return "it votes at once";
        if (!Drive(started + 20 * Second, () => _nodes[0]!.IsVoter)) return "it never votes again";
        if (_hub.Now.Nanoseconds - started < 5 * Second) return "it did not wait for the longest lease";
        if (_nodes[0]!.Elector.Term < term) return "it forgot the term";
        var other = new LeaseClaim("t", _roster.EpochFloor + 2, 1, Duration.FromSeconds(4), 1, 0);
        if (_nodes[0]!.Voter.OnClaim("r3", other, _hub.Now) is not { Granted: false, Commit: true }) return "it forgot the commit";
        return null;
    }

    public void Dispose() => _hub.Dispose();

    private void Start(int i)
    {
        _stores[i].Reopen();
        var clock = _hub.CreateClock(Duration.FromSeconds(0));
        var lease = new LeaseOptions { Length = Duration.FromSeconds(4), Longest = Duration.FromSeconds(5), StopMargin = Duration.FromSeconds(0.5) };
        var options = new FleetOptions { Site = "s", Robot = Names[i], Roster = _roster, Seed = seed, Lease = lease };
        var presence = new FleetPresence(new FleetTopics("s", Names[i]), _stores[i], clock);
        _links[i] = _hub.CreateLink(new LinkOptions { Broker = new Uri("mqtt://hub"), ClientId = Names[i], Will = presence.Will, Birth = presence.Birth, Farewell = presence.Farewell }, clock);
        // Its clock begins at 0 again; the hub's time is what the others have.
        _nodes[i] = new FleetNode(_links[i]!, presence, _stores[i], options, new DiscountedScorer((_, _) => 1), _hub.Now);
        _ = _links[i]!.StartAsync();
        _at[i] = _hub.Now.Nanoseconds;
    }

    private bool Drive(long end, Func<bool> until)
    {
        while (_hub.Now.Nanoseconds < end)
        {
            long at = Math.Min(_hub.NextEvent?.Nanoseconds ?? long.MaxValue, _at.Min());
            _hub.RunUntil(new Stamp(Math.Max(at, _hub.Now.Nanoseconds)));
            while (_hub.TakeArrived(out var link))
            {
                int i = Array.IndexOf(_links, link);
                if (i >= 0 && _nodes[i] is not null) _at[i] = _hub.Now.Nanoseconds;
            }
            for (int i = 0; i < 3; i++)
            {
                if (_at[i] > _hub.Now.Nanoseconds) continue;
                _nodes[i]!.Step(_hub.Now);
                _at[i] = Math.Max(_nodes[i]!.NextDue.Nanoseconds, _hub.Now.Nanoseconds + 1);
            }
            if (until()) return true;
        }
        return false;
    }
}
