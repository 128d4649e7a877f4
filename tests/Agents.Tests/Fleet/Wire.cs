using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>A network of its own for single state machines: events in virtual time with loss, copies, delay and cuts. Far faster than a hub, so that many seeds run.</summary>
internal sealed class Wire(ulong seed, int parties)
{
    private readonly PriorityQueue<Action, (long, long)> _events = new();
    private readonly long[] _offset = new long[parties];
    private readonly long[] _ppm = new long[parties];
    private long _order;

    public RandomStream Random { get; } = RandomStream.For(seed, "wire");

    public long Now { get; private set; }

    public double Loss { get; set; }

    public double Copies { get; set; }

    public long ShortDelay { get; set; } = 20_000_000;

    public long LongDelay { get; set; }

    /// <summary>Whether messages from one party reach another now.</summary>
    public bool[,] Cut { get; } = new bool[parties, parties];

    public void SetClock(int party, long offset, long ppm) => (_offset[party], _ppm[party]) = (offset, ppm);

    public Stamp Local(int party) => new(_offset[party] + Now + (long)((Int128)Now * _ppm[party] / 1_000_000));

    /// <summary>The true time at which a party's clock shows a stamp.</summary>
    public long True(int party, Stamp local) => (long)((Int128)(local.Nanoseconds - _offset[party]) * 1_000_000 / (1_000_000 + _ppm[party]));

    public void At(long time, Action what) => _events.Enqueue(what, (Math.Max(time, Now), _order++));

    public void After(long delay, Action what) => At(Now + delay, what);

    public void Send(int from, int to, Action deliver)
    {
        if (Cut[from, to] || Random.NextDouble() < Loss) return;
        int copies = Random.NextDouble() < Copies ? 2 : 1;
        for (int i = 0; i < copies; i++)
        {
            long delay = 1_000_000 + (long)(Random.NextDouble() * (Random.NextDouble() < 0.2 ? Math.Max(LongDelay, ShortDelay) : ShortDelay));
            After(delay, deliver);
        }
    }

    public void Heal()
    {
        Array.Clear(Cut);
        (Loss, Copies, LongDelay) = (0, 0, 0);
    }

    public void Split()
    {
        int n = Cut.GetLength(0);
        var side = new bool[n];
        for (int i = 0; i < n; i++) side[i] = Random.NextInt32(2) == 0;
        bool oneWay = Random.NextInt32(3) == 0;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++) Cut[i, j] = side[i] != side[j] && (!oneWay || side[i]);
        }
    }

    /// <summary>Runs until a time; after every event the check says what is wrong.</summary>
    public string? Run(long end, Func<string?> check)
    {
        while (_events.TryPeek(out _, out var at) && at.Item1 <= end)
        {
            var what = _events.Dequeue();
            Now = at.Item1;
            what();
            if (check() is { } fault) return $"{fault} at {Now / 1e9:F3} s";
        }
        Now = end;
        return null;
    }
}
