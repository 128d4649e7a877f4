namespace EdgeAutonomy.Agents;

/// <summary>One robot's part in the consensus-based bundle algorithm (Choi, Brunet and How, IEEE T-RO 2009): who does which task, without a leader.</summary>
/// <remarks>
/// <para>Every robot bids for a bundle of tasks, tells all what it believes, and agrees by <see cref="CbbaTable"/>. Free of conflicts a few messages after the network carries again;
/// at least half of the best possible score where gains diminish.</para>
/// <para>Bids are capped by the smallest in the bundle (Johnson et al.), so that any score will do. Order of news by counters, never by clocks. One thread; told everything.</para>
/// </remarks>
public sealed class Cbba
{
    /// <summary>The bid for a task that is under way: nobody outbids it. Two robots that both began one, on both sides of a cut, are told apart by their names.</summary>
    public const double LockedBid = 1e15;

    private const int Capacity = 4096;
    private const double Tolerance = 1e-12;
    private static readonly Duration UnknownFor = new(30_000_000_000), FinishedFor = new(30_000_000_000);
    private readonly SortedList<string, Item> _items = new(StringComparer.Ordinal);
    private readonly SortedList<string, ulong> _stamps = new(StringComparer.Ordinal);
    private readonly List<Item> _bundle = [], _path = [];
    private readonly Dictionary<string, int> _robotIndex = new(StringComparer.Ordinal);
    private readonly ITaskScorer _scorer;
    private readonly int _limit;
    private FleetTask[] _trial;
    private uint _incarnation, _counter;

    /// <summary>Makes a robot's part.</summary>
    /// <param name="self">The robot.</param>
    /// <param name="incarnation">Its incarnation.</param>
    /// <param name="scorer">What it gets for a path.</param>
    /// <param name="limit">The most tasks in its bundle.</param>
    public Cbba(string self, uint incarnation, ITaskScorer scorer, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        (Self, _incarnation, _scorer, _limit) = (self, incarnation, scorer, limit);
        _trial = new FleetTask[limit + 1];
    }

    /// <summary>Gets the robot.</summary>
    public string Self { get; }

    /// <summary>Gets the tasks in the order of adding.</summary>
    public IEnumerable<string> Bundle => _bundle.Select(i => i.Id);

    /// <summary>Gets the ids of all tasks that are neither finished nor forgotten, in order.</summary>
    public IEnumerable<string> Known => _items.Values.Where(i => i.FinishedAt == Stamp.Never).Select(i => i.Id);

    /// <summary>Gets how many tasks the path has.</summary>
    public int PathLength => _path.Count;

    /// <summary>Gets whether something changed since the last message written.</summary>
    public bool IsChanged { get; private set; } = true;

    /// <summary>Gets whether the bundle has no room.</summary>
    public bool IsFull => _bundle.Count >= _limit;

    internal FleetMutation Mutation { get; set; }

    /// <summary>The cell of the table that decides wrongly, for tests; −1 = none.</summary>
    internal int FlippedCell { get; set; } = -1;

    /// <summary>Returns a task of the path, in the order of doing.</summary>
    public FleetTask PathAt(int index) => _path[index].Task!;

    /// <summary>Returns who wins a task; null = nobody, or the task is not known.</summary>
    public string? Winner(string task) => _items.TryGetValue(task, out var item) ? item.Winner : null;

    /// <summary>Returns the winning bid; 0 = none.</summary>
    public double Bid(string task) => _items.TryGetValue(task, out var item) ? item.Bid : 0;

    /// <summary>Returns since when this robot has won a task without a break; <see cref="Stamp.Never"/> = it has not.</summary>
    public Stamp WonSince(string task) => _items.TryGetValue(task, out var item) && item.Winner == Self ? item.WonAt : Stamp.Never;

    /// <summary>Returns how late this robot's news of another is.</summary>
    public ulong NewsOf(string robot) => _stamps.GetValueOrDefault(robot);

    /// <summary>Adds a task or takes its new definition.</summary>
    public void Put(FleetTask task, Stamp now)
    {
        ArgumentNullException.ThrowIfNull(task);
        var item = Get(task.Id, now);
        if (item.FinishedAt != Stamp.Never) return;
        item.Task = task;
        if (task.State == TaskState.Open) return;
        // Held: free of everybody until it is open again.
        if (item.Winner != null) Set(item, 0, null, now);
        Cascade(now);
    }

    /// <summary>Notes that a task is done or cancelled. It is told on for a while, so that who missed that does not begin it.</summary>
    public void Finish(string task, string? by, Stamp now)
    {
        var item = Get(task, now);
        if (item.FinishedAt != Stamp.Never) return;
        item.FinishedAt = now;
        _bundle.Remove(item);
        _path.Remove(item);
        if (by != null) (item.Winner, item.Bid) = (by, LockedBid);
        IsChanged = true;
    }

    /// <summary>Claims a task that is under way, or that this robot has done and the board has not noted yet.</summary>
    /// <param name="task">The task.</param>
    /// <param name="now">The robot's monotonic time.</param>
    /// <param name="done">Whether it is done: it is this robot's then, and takes no room in the bundle.</param>
    public void Lock(string task, Stamp now, bool done = false)
    {
        var item = Get(task, now);
        if (item.FinishedAt != Stamp.Never) return;
        item.IsDoneHere = done;
        Set(item, LockedBid, Self, now);
        _bundle.Remove(item);
        if (done)
        {
            _path.Remove(item);
            return;
        }
        // First in the bundle: losing another task must not release it.
        _bundle.Insert(0, item);
        if (_path.Remove(item) || _path.Count <= _limit) _path.Insert(0, item);
    }

    /// <summary>Gives a task up; the robot does not bid for it for a while.</summary>
    public void GiveUp(string task, Stamp until, Stamp now)
    {
        if (!_items.TryGetValue(task, out var item)) return;
        item.NoBidUntil = until;
        item.IsDoneHere = false;
        if (item.Winner == Self) Set(item, 0, null, now);
        Cascade(now);
    }

    /// <summary>Frees all tasks of a robot that is dead or has started again.</summary>
    public void Drop(string robot, Stamp now)
    {
        if (robot == Self) return;
        foreach (var item in _items.Values)
        {
            if (item.Winner == robot && item.FinishedAt == Stamp.Never) Set(item, 0, null, now);
        }
    }

    /// <summary>Starts over under a new incarnation: what the earlier one won is void.</summary>
    public void Restart(uint incarnation, Stamp now)
    {
        (_incarnation, _counter) = (incarnation, 0);
        _bundle.Clear();
        _path.Clear();
        foreach (var item in _items.Values)
        {
            if (item.Winner == Self && item.FinishedAt == Stamp.Never) Set(item, 0, null, now);
        }
    }

    /// <summary>Takes what another robot believes. The caller has checked that the message is newer than the last of this sender.</summary>
    /// <param name="sender">From the topic.</param>
    /// <param name="counter">Incarnation and number of the message: the sender's news of itself.</param>
    /// <param name="message">The message.</param>
    /// <param name="isLost">Whether a robot counts as lost: what it wins is free.</param>
    /// <param name="now">The robot's monotonic time.</param>
    public void Receive(string sender, ulong counter, CbbaMessage message, Predicate<string> isLost, Stamp now)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(isLost);
        if (sender == Self) return;
        if (Mutation == FleetMutation.HalfUpdatedCbba) Merge(sender, counter, message);
        // By index: enumerators of sorted lists are objects, and this runs for every message.
        for (int i = 0; i < _items.Count; i++) _items.GetValueAtIndex(i).IsMentioned = false;
        for (int i = 0; i < message.Tasks.Count; i++)
        {
            if (_items.Count >= Capacity && !_items.ContainsKey(message.Tasks[i])) continue;
            var item = Get(message.Tasks[i], now);
            item.IsMentioned = true;
            if (item.FinishedAt != Stamp.Never) continue;
            string? theirs = message.Winners[i] < 0 ? null : message.Robots[message.Winners[i]];
            Agree(item, sender, counter, message, theirs, message.Bids[i], now);
            // Named by somebody who has not noticed yet.
            if (item.Winner != null && item.Winner != Self && isLost(item.Winner)) Set(item, 0, null, now);
        }
        for (int i = 0; i < _items.Count; i++)
        {
            var item = _items.GetValueAtIndex(i);
            // The sender says nothing of a task that it was thought to win: it does not win it.
            if (!item.IsMentioned && item.Winner == sender && item.FinishedAt == Stamp.Never) Set(item, 0, null, now);
        }
        if (Mutation != FleetMutation.HalfUpdatedCbba) Merge(sender, counter, message);
        Cascade(now);
    }

    /// <summary>Forgets what is over, and bids.</summary>
    public void Build(Stamp now)
    {
        Forget(now);
        while (_bundle.Count < _limit && BuildOne(now)) { }
    }

    /// <summary>Writes what this robot believes, and counts it as told.</summary>
    /// <returns>The number of the message.</returns>
    public ulong Tell(CbbaMessage into)
    {
        ArgumentNullException.ThrowIfNull(into);
        into.Clear();
        _robotIndex.Clear();
        for (int i = 0; i < _stamps.Count; i++) AddRobot(into, _stamps.GetKeyAtIndex(i), _stamps.GetValueAtIndex(i));
        for (int i = 0; i < _items.Count; i++)
        {
            var item = _items.GetValueAtIndex(i);
            if (item.Task is null && !item.IsDoneHere && item.FinishedAt == Stamp.Never) continue;
            if (into.Tasks.Count >= FleetJson.MaxArray) break;
            into.Tasks.Add(item.Id);
            into.Bids.Add(item.Bid);
            into.Winners.Add(item.Winner is null ? -1 : _robotIndex.TryGetValue(item.Winner, out int index) ? index : AddRobot(into, item.Winner, 0));
        }
        IsChanged = false;
        return (ulong)_incarnation << 32 | ++_counter;
    }

    private int AddRobot(CbbaMessage into, string robot, ulong stamp)
    {
        _robotIndex.Add(robot, into.Robots.Count);
        into.Robots.Add(robot);
        into.Stamps.Add(stamp);
        return into.Robots.Count - 1;
    }

    private void Agree(Item item, string sender, ulong counter, CbbaMessage message, string? a, double bid, Stamp now)
    {
        string? b = item.Winner;
        bool equal = Math.Abs(bid - item.Bid) <= Tolerance;
        bool better = !equal ? bid > item.Bid : a != null && b != null && string.CompareOrdinal(a, b) < 0;
        ulong newsA = News(a, sender, counter, message), ownA = Own(a), newsB = News(b, sender, counter, message), ownB = Own(b);
        int cell = CbbaTable.Cell(Party(a, sender), Party(b, sender), a == b);
        var action = CbbaTable.Decide(cell, new CbbaTable.News(better, newsA > ownA, ownA > newsA, newsB > ownB));
        if (cell == FlippedCell) action = action == CbbaAction.Leave ? CbbaAction.Update : CbbaAction.Leave;
        if (action == CbbaAction.Update) Set(item, bid, a, now);
        else if (action == CbbaAction.Reset) Set(item, 0, null, now);
    }

    private CbbaParty Party(string? robot, string sender)
        => robot is null ? CbbaParty.Nobody : robot == Self ? CbbaParty.Receiver : robot == sender ? CbbaParty.Sender : CbbaParty.Third;

    private static ulong News(string? robot, string sender, ulong counter, CbbaMessage message)
    {
        if (robot is null) return 0;
        if (robot == sender) return counter;
        int index = message.Robots.IndexOf(robot);
        return index < 0 ? 0 : message.Stamps[index];
    }

    // Of itself a robot knows best.
    private ulong Own(string? robot) => robot is null ? 0 : robot == Self ? ulong.MaxValue : _stamps.GetValueOrDefault(robot);

    private void Merge(string sender, ulong counter, CbbaMessage message)
    {
        _stamps[sender] = Math.Max(_stamps.GetValueOrDefault(sender), counter);
        for (int i = 0; i < message.Robots.Count; i++)
        {
            string robot = message.Robots[i];
            ulong stamp = message.Stamps[i];
            if (robot == Self || stamp == 0 || stamp <= _stamps.GetValueOrDefault(robot)) continue;
            if (_stamps.Count < FleetJson.MaxArray || _stamps.ContainsKey(robot)) _stamps[robot] = stamp;
        }
    }

    // From the first task that was lost on, the bids were made for a path that no longer is.
    private void Cascade(Stamp now)
    {
        int first = 0;
        while (first < _bundle.Count && _bundle[first].Winner == Self) first++;
        if (first == _bundle.Count) return;
        for (int n = first; n < _bundle.Count; n++)
        {
            var item = _bundle[n];
            _path.Remove(item);
            if (Mutation != FleetMutation.NoReleaseCascade && n > first && item.Winner == Self) Set(item, 0, null, now);
        }
        _bundle.RemoveRange(first, _bundle.Count - first);
    }

    private bool BuildOne(Stamp now)
    {
        double cap = LockedBid, bestGain = 0;
        foreach (var item in _bundle) cap = Math.Min(cap, item.Bid);
        for (int i = 0; i < _path.Count; i++) _trial[i] = _path[i].Task!;
        double before = _scorer.Score(_trial.AsSpan(0, _path.Count));
        Item? best = null;
        int bestPlace = 0;
        // What is under way stays first.
        int firstPlace = _path.Count > 0 && _path[0].Bid >= LockedBid ? 1 : 0;
        for (int i = 0; i < _items.Count; i++)
        {
            var item = _items.GetValueAtIndex(i);
            if (item.Task is not { State: TaskState.Open } || item.FinishedAt != Stamp.Never || item.IsDoneHere || now < item.NoBidUntil || item.Winner == Self) continue;
            if (cap < item.Bid - Tolerance) continue;
            var (gain, place) = BestPlace(item.Task, firstPlace, before);
            double bid = Math.Min(gain, cap);
            if (!(bid > 0) || !double.IsFinite(bid) || bid >= LockedBid || !Wins(bid, item)) continue;
            if (best is null || bid > bestGain) (best, bestGain, bestPlace) = (item, bid, place);
        }
        if (best is null) return false;
        _bundle.Add(best);
        _path.Insert(bestPlace, best);
        Set(best, bestGain, Self, now);
        return true;
    }

    private (double Gain, int Place) BestPlace(FleetTask task, int firstPlace, double before)
    {
        double best = double.NegativeInfinity;
        int place = firstPlace;
        for (int n = firstPlace; n <= _path.Count; n++)
        {
            for (int i = 0, k = 0; i <= _path.Count; i++) _trial[i] = i == n ? task : _path[k++].Task!;
            double gain = _scorer.Score(_trial.AsSpan(0, _path.Count + 1)) - before;
            if (gain > best) (best, place) = (gain, n);
        }
        return (best, place);
    }

    private bool Wins(double bid, Item item)
        => bid > item.Bid + Tolerance || (Math.Abs(bid - item.Bid) <= Tolerance && item.Winner != null && string.CompareOrdinal(Self, item.Winner) < 0);

    private void Set(Item item, double bid, string? winner, Stamp now)
    {
        if (winner is null) bid = 0;
        if (winner == Self && item.Winner != Self) item.WonAt = now;
        if (item.Winner != winner || item.Bid != bid) IsChanged = true;
        (item.Bid, item.Winner) = (bid, winner);
    }

    private Item Get(string task, Stamp now)
    {
        if (!_items.TryGetValue(task, out var item)) _items.Add(task, item = new Item(task) { MetAt = now });
        return item;
    }

    private void Forget(Stamp now)
    {
        for (int i = _items.Count - 1; i >= 0; i--)
        {
            var item = _items.Values[i];
            bool late = item.Task is null && !item.IsDoneHere && now - item.MetAt > UnknownFor;
            if (late || (item.FinishedAt != Stamp.Never && now - item.FinishedAt > FinishedFor)) _items.RemoveAt(i);
        }
    }

    private sealed class Item(string id)
    {
        public readonly string Id = id;
        public FleetTask? Task;
        public double Bid;
        public string? Winner;
        public Stamp WonAt = Stamp.Never, MetAt, FinishedAt = Stamp.Never, NoBidUntil = Stamp.Never;
        public bool IsDoneHere, IsMentioned;
    }
}
