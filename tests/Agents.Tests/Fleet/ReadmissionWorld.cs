using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Three or five voters that lose their disks and are admitted again, some at the same time, on a bad network; and robots that want to do two things, each of which may be done once.</summary>
internal sealed class ReadmissionWorld
{
    private const long Second = 1_000_000_000, FaultsEnd = 40 * Second, End = 60 * Second;
    private static readonly string[] Names = ["a", "b", "c", "d", "e"];
    private static readonly string[] Tasks = ["dock", "door"];
    private static readonly LeaseOptions Options = new() { Length = new(2 * Second), Longest = new(2 * Second), Retry = new(Second / 5), StopMargin = new(Second / 4) };
    private readonly Roster _roster;
    private readonly Robot[] _robots;
    private readonly Wire _wire;
    private readonly FleetMutation _mutation;
    private readonly Dictionary<string, string> _done = [];
    private readonly Dictionary<string, ulong> _lastToken = [];
    private string? _fault;

    private ReadmissionWorld(ulong seed, FleetMutation mutation)
    {
        int n = seed % 2 == 0 ? 3 : 5;
        (_wire, _mutation, _roster, _robots) = (new Wire(seed, n), mutation, new Roster(1, Names[..n]), new Robot[n]);
        var random = _wire.Random;
        for (int i = 0; i < n; i++)
        {
            _wire.SetClock(i, (long)(random.NextDouble() * 1e12), random.NextInt32(2001) - 1000);
            _robots[i] = new Robot(this, i);
            _roster.Admit(_robots[i].Store);
        }
        foreach (var robot in _robots) robot.Start();
        (_wire.Loss, _wire.Copies, _wire.LongDelay) = (random.NextDouble() * 0.4, random.NextDouble() * 0.4, random.NextInt32(2) == 0 ? 0 : 5 * Second);
        for (int k = random.NextInt32(6); k > 0; k--)
        {
            long from = (long)(random.NextDouble() * FaultsEnd);
            _wire.At(from, _wire.Split);
            _wire.At(from + (long)(random.NextDouble() * 6 * Second), () => Array.Clear(_wire.Cut));
        }
        for (int k = 1 + random.NextInt32(6); k > 0; k--)
        {
            var robot = _robots[random.NextInt32(n)];
            bool lose = random.NextInt32(3) > 0;
            long from = (long)(random.NextDouble() * FaultsEnd), pause = (long)(random.NextDouble() * 3 * Second);
            _wire.At(from, robot.Stop);
            _wire.At(from + pause, () =>
            {
                if (lose && robot.Voter is null)
                {
                    robot.Store.Lose();
                    _roster.Readmit(robot.Store);
                }
                robot.Start();
            });
        }
        _wire.At(FaultsEnd, _wire.Heal);
    }

    public int Deeds => _done.Count;

    public int Recoveries { get; private set; }

    public static string? Run(ulong seed, FleetMutation mutation, out int deeds, out int recoveries)
    {
        var world = new ReadmissionWorld(seed, mutation);
        string? fault = world._wire.Run(End, world.Check);
        (deeds, recoveries) = (world.Deeds, world.Recoveries);
        return fault;
    }

    private string? Check()
    {
        foreach (string task in Tasks)
        {
            int holders = 0;
            foreach (var robot in _robots)
            {
                if (!robot.Holders.TryGetValue(task, out var holder) || holder.Token(_wire.Local(robot.Index)) is not (not 0 and var token)) continue;
                holders++;
                ulong last = _lastToken.GetValueOrDefault(task);
                if (token < last) return $"{robot.Name} holds token {token} of {task} after token {last} was held";
                _lastToken[task] = token;
            }
            if (holders > 1) return $"{holders} robots hold valid tokens of {task}";
        }
        return _fault;
    }

    private sealed class Robot(ReadmissionWorld world, int index)
    {
        private int _life;
        private uint _incarnation;
        private VoterRecovery? _recovery;

        public int Index => index;

        public string Name => Names[index];

        public MemoryPromiseStore Store { get; } = new();

        public LeaseVoter? Voter { get; private set; }

        public SortedDictionary<string, LeaseHolder> Holders { get; } = new(StringComparer.Ordinal);

        private Stamp Now => world._wire.Local(index);

        public void Start()
        {
            if (Voter != null) return;
            Store.Reopen();
            _incarnation++;
            Voter = new LeaseVoter(Name, world._roster, Store, Options, Now) { Mutation = world._mutation };
            _recovery = new VoterRecovery(Name, _incarnation, world._roster, Store, Voter, Voter.VotesFrom, Options.Retry);
            Poll(++_life);
            foreach (string task in Tasks) Want(task, _life);
        }

        public void Stop()
        {
            Voter = null;
            Holders.Clear();
            _life++;
        }

        private void Want(string task, int life)
        {
            var random = world._wire.Random;
            world._wire.After((long)(random.NextDouble() * 15e9), () =>
            {
                if (life != _life || Voter is null || Holders.ContainsKey(task)) return;
                var holder = new LeaseHolder(task, Name, _incarnation, world._roster, Store, Options);
                holder.Want();
                Holders.Add(task, holder);
                // It may think better of it, before the act.
                world._wire.After((long)(random.NextDouble() * 8e9), () =>
                {
                    if (life != _life || !Holders.Remove(task, out var left)) return;
                    if (left.Release() is { } release && random.NextInt32(2) == 0) Send(release);
                    Want(task, life);
                });
            });
        }

        private void Poll(int life)
        {
            if (life != _life || Voter is null) return;
            foreach (var (task, holder) in Holders.ToArray())
            {
                if (holder.Step(Now, world._wire.Random.NextDouble()) is { } claim) Send(claim);
                if (holder.Token(Now) == 0) continue;
                if (!holder.IsCommitted && world._wire.Random.NextInt32(3) == 0) holder.Commit();
                if (holder.IsCommitted && world._wire.Random.NextInt32(4) == 0) Act(task, holder);
            }
            while (_recovery!.TryAsk(Now, out var ask))
            {
                var (asked, incarnation) = (ask, _incarnation);
                var other = world._robots[Array.IndexOf(Names, ask.To)];
                world._wire.Send(index, other.Index, () => other.OnAsk(this, incarnation, asked));
            }
            world._wire.After(100_000_000, () => Poll(life));
        }

        private void Act(string task, LeaseHolder holder)
        {
            string who = $"{Name}/{_incarnation}";
            if (!world._done.TryAdd(task, who)) world._fault ??= $"{task} was done by {world._done[task]} and by {who}";
            holder.Stop();
            Holders.Remove(task);
        }

        private void Send(LeaseClaim claim)
        {
            foreach (var other in world._robots) world._wire.Send(index, other.Index, () => other.OnClaim(this, claim));
        }

        private void OnClaim(Robot from, LeaseClaim claim)
        {
            if (Voter?.OnClaim(from.Name, claim, Now) is not { } vote) return;
            foreach (var other in world._robots)
            {
                world._wire.Send(index, other.Index, () =>
                {
                    if (other.Holders.TryGetValue(vote.Task, out var holder)) holder.OnVote(Name, vote, other.Now);
                });
            }
        }

        private void OnAsk(Robot from, uint incarnation, LedgerAsk ask)
        {
            if (Voter?.Ledger(ask.After, out bool more) is not { } rows) return;
            var page = new LedgerPage(ask.Roster, from.Name, incarnation, ask.After, world._roster.TermFloor, rows, more);
            world._wire.Send(index, from.Index, () => from.OnPage(Name, page));
        }

        private void OnPage(string from, LedgerPage page)
        {
            if (Voter is null || !_recovery!.OnPage(from, page, Now) || !_recovery.Finish(_ => true)) return;
            world.Recoveries++;
        }
    }
}
