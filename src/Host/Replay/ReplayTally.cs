using EdgeAutonomy.Recording;

namespace EdgeAutonomy.Host;

/// <summary>Adds up the replays of a recording.</summary>
internal sealed class ReplayTally(RecordingFile file, ReplayOptions options)
{
    private readonly List<CounterfactualRow> _counterfactual = [];
    private CycleDifference? _first;
    private long _different, _leftOut;
    private int _starts;

    /// <summary>Gets the cycles so far.</summary>
    public long Cycles { get; private set; }

    /// <summary>Adds the loops of one pass.</summary>
    public void Add(IEnumerable<LoopReplay> loops)
    {
        _starts++;
        foreach (var loop in loops)
        {
            Cycles += loop.Cycles;
            _different += loop.Different;
            _leftOut += loop.LeftOut;
            // Of several loops the one that went apart first in time is the cause.
            if (loop.First is { } first && (_first is null || first.Tag < _first.Tag)) _first = first;
            if (loop.Counterfactual is not { } c || c.Cycles == 0) continue;
            _counterfactual.Add(new CounterfactualRow(
                loop.Recorded.Name, c.FirstAction, c.Cycles, c.Actions, c.Periods, c.Rungs, c.RmsLinear, c.MaxLinear, c.RmsAngular, c.MaxAngular, c.RecordedPeriodMs, c.PeriodMs));
        }
    }

    /// <summary>Makes the result.</summary>
    public ReplayResult Result(double seconds) => new()
    {
        File = file.Path, Cycles = Cycles, Equal = _different == 0 && Cycles > 0, FirstDifference = DifferenceRow.Of(_first), Different = _different, Loops = [.. file.Loops.Select(l => l.Name)],
        Starts = _starts, LeftOut = _leftOut, Seconds = seconds, CyclesPerSecond = seconds > 0 ? Cycles / seconds : 0, Overrides = options.Overrides, Counterfactual = _counterfactual,
        Notes = [.. file.Notes, .. Strangers()],
    };

    private IEnumerable<string> Strangers()
    {
        string program = $"edge {ProgramVersion.Text}", made = file.Info.GetValueOrDefault("program", "");
        if (made != program) yield return $"recorded by {made}, replayed by {program}.";
        if (!file.IsComplete) yield return "the recorder did not end the file; the last second may be missing.";
    }
}
