using EdgeAutonomy.Agents;
using EdgeAutonomy.Learning;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Counts what a mission policy did.</summary>
/// <param name="missions">How many missions there will be.</param>
internal sealed class MissionEvaluationFigures(int missions)
{
    private readonly LatencyHistogram _latency = new();
    private int _ended, _solved, _solvedEarly, _unmaskedSolved;
    private long _steps, _grounded, _safeStops, _unmaskedSteps, _unmaskedGrounded;

    /// <summary>Gets the share of missions that succeeded.</summary>
    public Interval Success => Interval.OfShare(_solved, _ended);

    /// <summary>Gets the share that succeeded within <see cref="MissionEvaluation.PaperLimit"/> steps.</summary>
    public Interval SuccessEarly => Interval.OfShare(_solvedEarly, _ended);

    /// <summary>Gets the share of decisions that gave a command that could be carried out, chosen among executable ones. No answer is an ungrounded one.</summary>
    public Interval Grounding => Interval.OfShare(_grounded, Math.Max(1, _steps + _safeStops));

    /// <summary>Gets the share that succeeded where the policy chose among plausible commands.</summary>
    public Interval SuccessUnmasked => Interval.OfShare(_unmaskedSolved, missions);

    /// <summary>Gets the share of its commands that could be carried out then.</summary>
    public Interval GroundingUnmasked => Interval.OfShare(_unmaskedGrounded, _unmaskedSteps);

    /// <summary>Gets the mean number of steps.</summary>
    public double MeanSteps => (double)_steps / Math.Max(1, _ended);

    /// <summary>Gets how many decisions gave no admissible command.</summary>
    public long SafeStops => _safeStops;

    /// <summary>Gets how long decisions took.</summary>
    public LatencyUs Latency => LatencyUs.Of(_latency);

    /// <summary>Adds a mission.</summary>
    public void Add(MissionTrialResult played)
    {
        foreach (var latency in played.Latencies) _latency.Record((long)(latency.TotalMicroseconds * 1e3));
        var report = played.Report;
        _ended++;
        _steps += report.Steps;
        _grounded += report.Grounded;
        _safeStops += report.SafeStops;
        if (!played.Succeeded) return;
        _solved++;
        if (report.Steps <= MissionEvaluation.PaperLimit) _solvedEarly++;
    }

    /// <summary>Adds a step that was chosen without the mask.</summary>
    public void AddUnmasked(in MissionStep step)
    {
        _unmaskedSteps++;
        if (step.Grounded) _unmaskedGrounded++;
        if (step.Succeeded) _unmaskedSolved++;
    }
}
