using System.Globalization;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>Injects faults into a running fleet, one after the other, and measures how long it takes to recover from each: a robot killed at work, the broker killed twice, a robot frozen, a robot cut off.</summary>
/// <remarks>A fault begins when the fleet has recovered from the one before. One thread, that of <see cref="FleetRunner.Step"/>.</remarks>
internal sealed class FleetDrill : IDisposable
{
    /// <summary>How many tasks a drill wants at least: for every fault one to be at work on when it comes, and one that shows the recovery.</summary>
    public const int MinTasks = 10;

    private const double Settle = 8, KillSeconds = 3, BrokerSeconds = 1, FreezeSeconds = 10, CutSeconds = 10;

    private readonly FleetCrew _crew;
    private readonly LocalBroker _broker;
    private readonly LinkProxy[] _proxies;
    private readonly FleetWorld _world;
    private readonly FleetPlan _plan;
    private readonly Action<string> _say;
    private readonly List<FleetDrillRow> _rows = [];
    private readonly Queue<DrillFault> _left = new([DrillFault.KillRobot, DrillFault.KillBroker, DrillFault.FreezeRobot, DrillFault.CutRobot, DrillFault.KillBroker]);
    private DrillFault? _now;
    private int _victim, _doneAtMend;
    private double _began, _mended, _free = Settle;
    private bool _isMended;

    /// <summary>Makes a drill; nothing happens before <see cref="Step"/>.</summary>
    public FleetDrill(FleetCrew crew, LocalBroker broker, LinkProxy[] proxies, FleetWorld world, FleetPlan plan, Action<string> say) =>
        (_crew, _broker, _proxies, _world, _plan, _say) = (crew, broker, proxies, world, plan, say);

    /// <summary>Gets whether all faults are over and recovered from.</summary>
    public bool IsOver => _left.Count == 0 && _now is null;

    /// <summary>Gets what is wrong now.</summary>
    public string Headline => Trouble is { } now ? $"drill: {now}" : IsOver ? "drill over" : "drill: waiting";

    /// <summary>Gets which fault the fleet suffers or recovers from now; null = none.</summary>
    public string? Trouble => _now is { } fault ? $"{Name(fault)}{(_isMended ? ", recovering" : "")}" : null;

    /// <summary>Gets the faults so far.</summary>
    public IReadOnlyList<FleetDrillRow> Rows => _now is { } fault ? [.. _rows, new FleetDrillRow(Name(fault), Round(_began), Round((_isMended ? _mended : _began) - _began), null)] : _rows;

    /// <summary>Returns how many tasks are to be held back now.</summary>
    /// <param name="open">Tasks that were handed out and are not done.</param>
    public int Reserve(int open)
    {
        int reserve = 2 * _left.Count + (_now is not null && !_isMended ? 1 : 0);
        return open == 0 && _now is null && _left.Count > 0 ? reserve - 1 : reserve;
    }

    /// <summary>Does what is due.</summary>
    /// <param name="seconds">Seconds from the start.</param>
    /// <param name="done">Tasks done so far.</param>
    public void Step(double seconds, int done)
    {
        if (_now is null)
        {
            if (_left.Count > 0 && seconds >= _free && TryBegin(_left.Peek(), seconds)) _left.Dequeue();
        }
        else if (!_isMended)
        {
            if (seconds - _began >= Lasts(_now.Value)) Mend(_now.Value, seconds, done);
        }
        else if (IsWhole() && (done > _doneAtMend || done >= _plan.Tasks))
        {
            _rows.Add(new FleetDrillRow(Name(_now.Value), Round(_began), Round(_mended - _began), Round(seconds - _mended)));
            _say(string.Create(CultureInfo.InvariantCulture, $"drill: {Name(_now.Value)} at {_began:0.0} s for {_mended - _began:0.0} s; recovered {seconds - _mended:0.0} s later"));
            (_now, _free) = (null, seconds + 2);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_now is { } fault && !_isMended) Mend(fault, 0, 0);
    }

    private bool TryBegin(DrillFault fault, double seconds)
    {
        var truths = _world.Read();
        if (fault is DrillFault.KillBroker) _broker.Kill();
        else
        {
            // One that is at work: that is where it hurts most.
            _victim = Enumerable.Range(0, truths.Count).Where(i => truths[i] is { Phase: FleetPhase.Working }).Append(-1).First();
            if (_victim < 0) return false;
            switch (fault)
            {
                case DrillFault.KillRobot: _crew.Kill(_victim); break;
                case DrillFault.FreezeRobot: _crew.Freeze(_victim); break;
                default: _proxies[_victim].Cut(); break;
            }
        }
        (_now, _began, _isMended) = (fault, seconds, false);
        _say($"drill: {Name(fault)}");
        return true;
    }

    private void Mend(DrillFault fault, double seconds, int done)
    {
        switch (fault)
        {
            case DrillFault.KillBroker: _broker.Restart(); break;
            case DrillFault.KillRobot: _crew.StartAgain(_victim, _world.Read()[_victim]); break;
            case DrillFault.FreezeRobot: _crew.Thaw(_victim); break;
            default: _proxies[_victim].Mend(); break;
        }
        (_mended, _isMended, _doneAtMend) = (seconds, true, done);
    }

    private bool IsWhole() => _world.Read().All(t => t is { LinkState: LinkState.Up } && t.Alive >= _plan.Robots - 1);

    private string Name(DrillFault fault) => fault switch
    {
        DrillFault.KillBroker => "broker killed",
        DrillFault.KillRobot => $"{_plan.Names()[_victim]} killed at work",
        DrillFault.FreezeRobot => $"{_plan.Names()[_victim]} frozen at work",
        _ => $"{_plan.Names()[_victim]} cut off at work",
    };

    private static double Lasts(DrillFault fault) => fault switch
    {
        DrillFault.KillRobot => KillSeconds,
        DrillFault.KillBroker => BrokerSeconds,
        DrillFault.FreezeRobot => FreezeSeconds,
        _ => CutSeconds,
    };

    private static double Round(double seconds) => Math.Round(seconds, 2);
}
