using System.Diagnostics;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Robots that drive about a plane, each with a link of its own, and keep account of every beacon.</summary>
internal sealed class FleetCrowd
{
    // So many that a robot hears about eight others: nine cells of twice the radius each.
    private const double Heard = 8, TopSpeed = 1.5;
    private const long Millisecond = 1_000_000, Unsure = 1_000 * Millisecond, KnownWithin = 1_000 * Millisecond, NearFor = 2_000 * Millisecond;
    private readonly FleetWalker[] _robots;
    private readonly Dictionary<InterestCell, List<FleetListener>> _listeners = [];
    private readonly LinkMessage _message = new();
    private readonly byte[] _bytes = new byte[Beacon.Size];
    private readonly long[,] _nearSince, _heardAt;
    private readonly long _started = Stopwatch.GetTimestamp(), _period, _wall = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
    private readonly double _side;
    private bool _counts;
    private long _lookAt, _replacedBefore, _droppedBefore, _notSentBefore;

    /// <summary>Makes a crowd.</summary>
    public FleetCrowd(Uri broker, int robots, int hertz)
    {
        _period = 1_000 * Millisecond / hertz;
        double cell = 2 * FleetBenchmark.InterestRadius;
        _side = Math.Sqrt(robots * 9 * cell * cell / Heard);
        (_nearSince, _heardAt) = (new long[robots, robots], new long[robots, robots]);
        _robots = [.. Enumerable.Range(0, robots).Select(i => new FleetWalker(i, broker, _side, TopSpeed, _period * i / robots))];
    }

    /// <summary>Gets the time from sending to reading.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>Gets the account.</summary>
    public FleetTally Tally { get; } = new();

    private long Now => Stopwatch.GetElapsedTime(_started).Ticks * 100;

    /// <summary>Connects all.</summary>
    /// <exception cref="EdgeException">Not all are connected in time.</exception>
    public void Connect(TimeSpan patience)
    {
        using var cancel = new CancellationTokenSource(patience);
        try
        {
            Task.WhenAll(_robots.Select(r => r.Link.StartAsync(cancel.Token))).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            // Told below.
        }
        int up = _robots.Count(r => r.Link.Status.State == LinkState.Up);
        if (up < _robots.Length) throw new EdgeException(ExitCode.Io, $"{up} of {_robots.Length} robots connected within {patience.TotalSeconds:F0} s; the machine is too busy, try again.");
    }

    /// <summary>Begins to count.</summary>
    public void Begin()
    {
        (_replacedBefore, _droppedBefore, _notSentBefore) = (_robots.Sum(r => r.Link.Inbox.Replaced), _robots.Sum(r => r.Link.Inbox.Dropped), NotSent());
        _counts = true;
    }

    /// <summary>Lets the robots drive, send and hear.</summary>
    public void Play(double seconds)
    {
        long end = Now + (long)(seconds * 1e9);
        for (long now = Now; now < end; now = Now)
        {
            bool busy = false;
            foreach (var robot in _robots)
            {
                if (now < robot.DueAt) continue;
                Send(robot, Now);
                robot.DueAt += _period;
                busy = true;
            }
            foreach (var robot in _robots) busy |= Hear(robot);
            if (now >= _lookAt) Look(now);
            if (!busy) Thread.Sleep(1);
        }
    }

    /// <summary>Hears what is on its way still.</summary>
    public void Settle(TimeSpan longest)
    {
        long end = Now + longest.Ticks * 100;
        while (Now < end && Tally.Delivered < Tally.Expected)
        {
            bool busy = false;
            foreach (var robot in _robots) busy |= Hear(robot);
            if (!busy) Thread.Sleep(1);
        }
        Tally.Replaced = _robots.Sum(r => r.Link.Inbox.Replaced) - _replacedBefore;
        Tally.Dropped = _robots.Sum(r => r.Link.Inbox.Dropped) - _droppedBefore;
        Tally.NotSent = NotSent() - _notSentBefore;
    }

    /// <summary>Ends all links.</summary>
    public void Stop() => Task.WhenAll(_robots.Select(r => r.Link.DisposeAsync().AsTask())).GetAwaiter().GetResult();

    private long NotSent() => _robots.Sum(r => r.Link.Counters.Replaced + r.Link.Counters.Dropped);

    private void Send(FleetWalker robot, long now)
    {
        robot.Drive(_period / 1e9, _side);
        var cell = robot.Area.Cell;
        robot.Area.OnPosition(0, robot.Position, new Stamp(now));
        if (robot.Area.Cell != cell && _counts) Tally.Moves++;
        Resubscribe(robot, now);
        if (_counts) Expect(robot, now);
        robot.Write(_bytes, _wall + Now);
        if (robot.Link.Post(robot.Topic(), _bytes, new PublishOptions(PublishClass.Beacon, ExpirySeconds: 1)) == PublishOutcome.Dropped)
        {
            if (_counts) Tally.Refused++;
        }
        if (_counts) Tally.Sent++;
    }

    private void Resubscribe(FleetWalker robot, long now)
    {
        robot.Acknowledge(now, Unsure);
        while (robot.Area.TryTake(out var change))
        {
            if (!_listeners.TryGetValue(change.Cell, out var here)) _listeners.Add(change.Cell, here = []);
            var filter = FleetWalker.Filter(change.Cell);
            if (change.Subscribe)
            {
                robot.Link.Subscribe(filter, new SubscribeOptions(InboxQueue.Latest, 0));
                robot.Pending.Add((change.Cell, now));
                here.Add(new FleetListener(robot.Index, now));
            }
            else
            {
                robot.Link.Unsubscribe(filter);
                here.RemoveAll(l => l.Robot == robot.Index);
                // What is on its way from there may come or not.
                foreach (var other in _robots)
                {
                    int taken = other.Retract(change.Cell, robot.Index, now - Unsure);
                    (Tally.Expected, Tally.Retracted) = (Tally.Expected - taken, Tally.Retracted + taken);
                }
            }
        }
    }

    private void Expect(FleetWalker robot, long now)
    {
        robot.BeginExpecting(now);
        if (!_listeners.TryGetValue(robot.Area.Cell, out var here)) return;
        foreach (var listener in here)
        {
            if (listener.Robot == robot.Index || now - listener.Since < Unsure) continue;
            robot.Expect(listener.Robot);
            Tally.Expected++;
        }
    }

    private bool Hear(FleetWalker robot)
    {
        bool any = false;
        while (robot.Link.Inbox.TryTake(_message))
        {
            any = true;
            if (!Beacon.TryRead(_message.Payload, out var beacon)) continue;
            int from = (int)beacon.Prefix.Incarnation - 1;
            long now = Now;
            _heardAt[robot.Index, from] = now;
            if (_robots[from].Arrived(beacon.Prefix.Sequence, robot.Index))
            {
                Tally.Delivered++;
                Latency.Record(_wall + now - beacon.Prefix.WallNs);
            }
            else if (_counts) Tally.Unsettled++;
        }
        return any;
    }

    // Everybody near for two slow periods must be known.
    private void Look(long now)
    {
        _lookAt = now + 500 * Millisecond;
        double reach = FleetBenchmark.InterestRadius * FleetBenchmark.InterestRadius;
        for (int i = 0; i < _robots.Length; i++)
        {
            for (int j = 0; j < _robots.Length; j++)
            {
                if (i == j || (_robots[i].Position - _robots[j].Position).LengthSquared > reach) _nearSince[i, j] = 0;
                else if (_nearSince[i, j] == 0) _nearSince[i, j] = now;
                else if (_counts && now - _nearSince[i, j] > NearFor)
                {
                    Tally.Pairs++;
                    if (now - _heardAt[i, j] > KnownWithin) Tally.Strangers++;
                }
            }
        }
    }
}
