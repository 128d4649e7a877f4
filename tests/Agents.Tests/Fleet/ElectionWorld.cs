using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Five robots that elect, on a bad network that heals at 25 s.</summary>
internal sealed class ElectionWorld
{
    private const int N = 5;
    private const long Second = 1_000_000_000, Healed = 25 * Second;
    private static readonly string[] Names = ["a", "b", "c", "d", "e"];
    private readonly Roster _roster = new(1, Names);
    private readonly SortedDictionary<uint, string> _leaders = [];
    private readonly Robot[] _robots = new Robot[N];
    private readonly Wire _wire;
    private readonly FleetMutation _mutation;
    private readonly ulong _seed;
    private uint _lastTerm;

    private ElectionWorld(ulong seed, FleetMutation mutation)
    {
        (_wire, _mutation, _seed) = (new Wire(seed, N), mutation, seed);
        var random = _wire.Random;
        for (int i = 0; i < N; i++)
        {
            _wire.SetClock(i, (long)(random.NextDouble() * 1e12), random.NextInt32(2001) - 1000);
            _robots[i] = new Robot(this, i);
            _roster.Admit(_robots[i].Store);
        }
        foreach (var robot in _robots) robot.Start();
        (_wire.Loss, _wire.Copies, _wire.LongDelay) = (random.NextDouble() * 0.4, random.NextDouble() * 0.3, random.NextInt32(2) == 0 ? 0 : 2 * Second);
        for (int k = random.NextInt32(6); k > 0; k--)
        {
            long from = (long)(random.NextDouble() * 18 * Second);
            _wire.At(from, _wire.Split);
            _wire.At(from + (long)(random.NextDouble() * 6 * Second), () => Array.Clear(_wire.Cut));
        }
        int lost = 0;
        for (int k = random.NextInt32(5); k > 0; k--)
        {
            var robot = _robots[random.NextInt32(N)];
            bool lose = random.NextInt32(3) == 0 && lost++ < 2;
            long from = (long)(random.NextDouble() * 20 * Second);
            _wire.At(from, robot.Stop);
            _wire.At(from + (long)(random.NextDouble() * 2 * Second), () =>
            {
                if (lose) robot.Store.Lose();
                robot.Start();
            });
        }
        _wire.At(Healed, _wire.Heal);
    }

    public static string? Run(ulong seed, FleetMutation mutation = FleetMutation.None)
    {
        var world = new ElectionWorld(seed, mutation);
        if (world._wire.Run(Healed + 10 * Second, world.Check) is { } fault) return fault;
        return world._robots.Any(r => r.Elector?.IsActing(r.Now) == true) ? null : "nobody coordinates 10 s after the network healed";
    }

    private string? Check()
    {
        int acting = 0;
        foreach (var robot in _robots)
        {
            if (robot.Elector is not { } elector || !elector.IsActing(robot.Now)) continue;
            acting++;
            uint term = elector.Term;
            if (_leaders.TryGetValue(term, out string? known) && known != robot.Name) return $"term {term} has two coordinators, {known} and {robot.Name}";
            _leaders[term] = robot.Name;
            if (term < _lastTerm) return $"term {term} acts after term {_lastTerm}";
            _lastTerm = term;
        }
        return acting > 1 ? $"{acting} coordinators act" : null;
    }

    private sealed class Robot(ElectionWorld world, int index)
    {
        private ulong _beat;

        public string Name => Names[index];

        public MemoryPromiseStore Store { get; } = new();

        public Elector? Elector { get; private set; }

        public Stamp Now => world._wire.Local(index);

        public void Start()
        {
            if (Elector != null) return;
            Store.Reopen();
            Elector = new Elector(Name, world._roster, Store, new ElectionOptions(), Now, world._seed) { Mutation = world._mutation };
            Poll(Elector);
        }

        public void Stop() => Elector = null;

        private void Poll(Elector mine)
        {
            if (Elector != mine) return;
            if (world._mutation == FleetMutation.LowestIdLeads) LeadByName(mine);
            mine.Step(Now, out var request, out bool beat);
            if (request is { } ask) Ask(ask);
            if (beat)
            {
                ulong number = ++_beat;
                mine.Beaten(number, Now);
                uint term = mine.Term;
                ToOthers(other => other.OnBeat(this, term, number));
            }
            world._wire.After(50_000_000, () => Poll(mine));
        }

        // What the mutation would see: whoever it can hear.
        private void LeadByName(Elector mine)
        {
            string lowest = Name;
            for (int i = 0; i < N; i++)
            {
                if (world._robots[i].Elector != null && !world._wire.Cut[i, index] && string.CompareOrdinal(Names[i], lowest) < 0) lowest = Names[i];
            }
            mine.LeadByName(lowest, Now);
        }

        private void Ask(ElectionRequest request) => ToOthers(other =>
        {
            if (other.Elector?.OnRequest(Name, request, other.Now) is { } vote) other.Vote(vote);
        });

        private void Vote(ElectionVote vote) => ToOthers(other =>
        {
            if (other.Elector?.OnVote(Name, vote, other.Now) is { } request) other.Ask(request);
        });

        private void OnBeat(Robot from, uint term, ulong number)
        {
            if (Elector is not { } mine) return;
            if (mine.OnBeat(from.Name, term, Now, out var later)) world._wire.Send(index, Array.IndexOf(Names, from.Name), () => from.Elector?.OnAck(Name, term, number));
            if (later is { } vote) Vote(vote);
        }

        private void ToOthers(Action<Robot> what)
        {
            for (int i = 0; i < N; i++)
            {
                var other = world._robots[i];
                if (i != index) world._wire.Send(index, i, () => what(other));
            }
        }
    }
}
