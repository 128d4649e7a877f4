using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Five voters and three robots that want the same resource, on a bad network, with restarts and lost disks.</summary>
internal sealed class LeaseWorld
{
    private const int N = 5;
    private const long Second = 1_000_000_000;
    private static readonly string[] Names = ["a", "b", "c", "d", "e"];
    private static readonly LeaseOptions Options = new() { Length = new(2 * Second), Longest = new(2 * Second), Retry = new(Second / 5), StopMargin = new(Second / 4) };
    private readonly Roster _roster = new(1, Names);
    private readonly Robot[] _robots = new Robot[N];
    private readonly Wire _wire;
    private readonly FleetMutation _mutation;
    private ulong _lastToken;

    private LeaseWorld(ulong seed, FleetMutation mutation)
    {
        (_wire, _mutation) = (new Wire(seed, N), mutation);
        var random = _wire.Random;
        for (int i = 0; i < N; i++)
        {
            _wire.SetClock(i, (long)(random.NextDouble() * 1e12), random.NextInt32(2001) - 1000);
            _robots[i] = new Robot(this, i);
            _roster.Admit(_robots[i].Store);
        }
        foreach (var robot in _robots) robot.Start();
        (_wire.Loss, _wire.Copies, _wire.LongDelay) = (random.NextDouble() * 0.4, random.NextDouble() * 0.4, random.NextInt32(2) == 0 ? 0 : 3 * Second);
        for (int k = random.NextInt32(6); k > 0; k--)
        {
            long from = (long)(random.NextDouble() * 20 * Second);
            _wire.At(from, _wire.Split);
            _wire.At(from + (long)(random.NextDouble() * 6 * Second), () => Array.Clear(_wire.Cut));
        }
        int lost = 0;
        for (int k = random.NextInt32(6); k > 0; k--)
        {
            var robot = _robots[random.NextInt32(N)];
            bool lose = random.NextInt32(3) == 0 && lost++ < 2;
            long from = (long)(random.NextDouble() * 20 * Second), pause = (long)(random.NextDouble() * 3 * Second);
            _wire.At(from, robot.Stop);
            _wire.At(from + pause, () =>
            {
                if (lose) robot.Store.Lose();
                robot.Start();
            });
        }
    }

    public int Grants { get; private set; }

    public static string? Run(ulong seed, FleetMutation mutation, out int grants)
    {
        var world = new LeaseWorld(seed, mutation);
        string? fault = world._wire.Run(25 * Second, world.Check);
        grants = world.Grants;
        return fault;
    }

    private string? Check()
    {
        int holders = 0;
        foreach (var robot in _robots)
        {
            if (robot.Holder is not { } holder || holder.Token(_wire.Local(robot.Index)) is not (not 0 and var token)) continue;
            holders++;
            if (token < _lastToken) return $"robot {robot.Name} holds token {token} after token {_lastToken} was held";
            if (token > _lastToken)
            {
                (_lastToken, Grants) = (token, Grants + 1);
                if (BehindHolder(robot, holder) < _roster.Majority) return $"robot {robot.Name} may act until after its voters stop waiting";
            }
        }
        return holders > 1 ? $"{holders} robots hold valid tokens" : null;
    }

    // Voters that keep the resource from others at least until the holder's end: by their grant, or because they are down or wait after a start.
    private int BehindHolder(Robot robot, LeaseHolder holder)
    {
        long end = _wire.True(robot.Index, holder.Deadline);
        int count = 0;
        foreach (var other in _robots)
        {
            if (other.Voter is not { IsAdmitted: true } voter || _wire.True(other.Index, voter.VotesFrom) >= end - 1 || _wire.True(other.Index, voter.GrantedUntil("dock")) >= end - 1) count++;
        }
        return count;
    }

    private sealed class Robot(LeaseWorld world, int index)
    {
        private int _life;
        private uint _incarnation;

        public int Index => index;

        public string Name => Names[index];

        public MemoryPromiseStore Store { get; } = new();

        public LeaseVoter? Voter { get; private set; }

        public LeaseHolder? Holder { get; private set; }

        private Stamp Now => world._wire.Local(index);

        public void Start()
        {
            if (Voter != null) return;
            Store.Reopen();
            _incarnation++;
            Voter = new LeaseVoter(Name, world._roster, Store, Options, Now) { Mutation = world._mutation };
            if (index < 3) Want(++_life);
        }

        public void Stop()
        {
            (Voter, Holder) = (null, null);
            _life++;
        }

        private void Want(int life)
        {
            if (life != _life || Voter == null) return;
            var random = world._wire.Random;
            Holder = new LeaseHolder("dock", Name, _incarnation, world._roster, Store, Options) { Mutation = world._mutation };
            Holder.Want();
            Poll(life);
            world._wire.After((long)(random.NextDouble() * 6e9), () =>
            {
                if (life != _life || Holder is null) return;
                if (Holder.Release() is { } release && random.NextInt32(2) == 0) Send(release);
                Holder = null;
                int next = ++_life;
                world._wire.After((long)(random.NextDouble() * 1e9), () => Want(next));
            });
        }

        private void Poll(int life)
        {
            if (life != _life || Holder is null) return;
            if (Holder.Step(Now, world._wire.Random.NextDouble()) is { } claim) Send(claim);
            world._wire.After(100_000_000, () => Poll(life));
        }

        private void Send(LeaseClaim claim)
        {
            foreach (var other in world._robots) world._wire.Send(index, other.Index, () => other.OnClaim(this, claim));
        }

        private void OnClaim(Robot from, LeaseClaim claim)
        {
            if (Voter?.OnClaim(from.Name, claim, Now) is not { } vote) return;
            foreach (var other in world._robots) world._wire.Send(index, other.Index, () => other.Holder?.OnVote(Name, vote, other.Now));
        }
    }
}
