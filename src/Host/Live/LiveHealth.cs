using System.Globalization;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Says whether every loop turns and none is stopped.</summary>
/// <remarks>Any thread. <see cref="Check"/> must be called more often than the limit, or a loop that stalls between two calls is noticed late.</remarks>
internal sealed class LiveHealth
{
    private readonly IReadOnlyList<IControlLoop> _loops;
    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private readonly bool _mayBeEmpty;
    private readonly (long Cycles, long At)[] _last;
    private readonly Lock _lock = new();

    /// <summary>Starts to watch. A recording that is shown has no loops, nor has a fleet in other processes, and nothing is wrong with that.</summary>
    public LiveHealth(IReadOnlyList<IControlLoop> loops, TimeSpan limit, TimeProvider time, bool mayBeEmpty = false)
    {
        _loops = loops;
        _time = time;
        _limit = limit;
        _mayBeEmpty = mayBeEmpty;
        _last = new (long, long)[loops.Count];
        for (int i = 0; i < _last.Length; i++) _last[i] = (loops[i].CompletedCycles, time.GetTimestamp());
    }

    /// <summary>Looks at every loop.</summary>
    public HealthReport Check()
    {
        var rows = new List<LoopHealth>(_loops.Count);
        var reasons = new List<string>();
        lock (_lock)
        {
            for (int i = 0; i < _loops.Count; i++)
            {
                var loop = _loops[i];
                long cycles = loop.CompletedCycles;
                if (cycles != _last[i].Cycles) _last[i] = (cycles, _time.GetTimestamp());
                double idle = _time.GetElapsedTime(_last[i].At).TotalSeconds;
                bool advances = cycles > 0 && idle <= _limit.TotalSeconds;
                var rung = loop.Statistics.Rung;
                rows.Add(new LoopHealth(loop.Name, advances, rung.ToString(), cycles, idle));
                if (cycles == 0) reasons.Add($"Loop '{loop.Name}' has not finished a cycle yet.");
                else if (!advances) reasons.Add(string.Create(CultureInfo.InvariantCulture, $"Loop '{loop.Name}' has not finished a cycle for {idle:0.0} s, limit is {_limit.TotalSeconds:0.#} s."));
                if (rung == Rung.SafeStop) reasons.Add($"Loop '{loop.Name}' is in safe stop (rung 4); an operator must clear it.");
            }
        }
        if (rows.Count == 0 && !_mayBeEmpty) reasons.Add("No loop runs.");
        return new HealthReport(reasons.Count == 0, reasons, rows);
    }
}
