using System.Collections.Immutable;
using System.Globalization;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>Runs the gates of a policy in MissionWorld against the incumbent: the store's current policy, or the scripted planner where there is none.</summary>
/// <remarks>G4 to G6 need a robot; from here they are rehearsed on missions and recorded as lowered, so that nobody takes them for the real thing unasked.</remarks>
internal sealed class PolicyGates
{
    private readonly BundleStore _store;
    private readonly GateLedger _ledger;
    private readonly PolicyMissions _missions;
    private readonly PolicyGateOptions _options;
    private readonly TimeProvider _time;
    private readonly ProgressLine _progress;
    private readonly CancellationToken _stop;
    private readonly MissionTrial _trial;
    private readonly string _id;
    private PolicyLine? _line;
    private readonly List<RecordedMission> _played = [];
    private readonly List<PolicyFamilyResult> _families = [];

    public PolicyGates(BundleStore store, string id, PolicyMissions missions, PolicyGateOptions options, TimeProvider time, ProgressLine progress, CancellationToken stop)
    {
        (_store, _id, _missions, _options, _time, _progress, _stop) = (store, id, missions, options, time, progress, stop);
        _ledger = new GateLedger(store, time);
        _trial = new MissionTrial(time);
        // A policy that is current already is measured against the one it replaced.
        string? incumbent = store.Named("current") is { } current && current != id ? current : store.Named("previous") is { } previous && previous != id ? previous : null;
        Incumbent = incumbent is not null && !store.IsDenied(incumbent) ? incumbent : "";
    }

    /// <summary>Gets the id that the policy is compared with; empty for the planner.</summary>
    public string Incumbent { get; }

    /// <summary>Gets the incumbent's missions of G2, for G1 of later policies.</summary>
    public IReadOnlyList<RecordedMission> Played => _played;

    /// <summary>Gets what each family gave, in G2 and G3.</summary>
    public IReadOnlyList<PolicyFamilyResult> Families => _families;

    private string Against => string.Create(CultureInfo.InvariantCulture, $"MissionWorld {_missions.Name}, against {(Incumbent.Length > 0 ? Incumbent[..12] : "the planner")}: ");

    /// <summary>Runs a gate and records it.</summary>
    public GateRecord Run(Gate gate)
    {
        if (gate == Gate.Integrity) return _ledger.RunIntegrity(_id);
        var policy = CandidateBundle.Open(_store.Load(_id), MissionWorldContract.Shape, _time);
        var result = gate switch
        {
            Gate.Replay => Replay(policy),
            Gate.Simulation => Simulate(policy),
            Gate.Forgetting => Remember(policy),
            Gate.Shadow => Rehearsed(Shadow(policy)),
            _ => Rehearsed(Canary(policy)),
        };
        return _ledger.Run(_id, gate, () => result with { Evidence = gate == Gate.Replay ? result.Evidence : Against + result.Evidence });
    }

    private GateResult Replay(CandidatePolicy policy)
    {
        if (_options.Recorded is not { } recorded) throw new EdgeException(ExitCode.InputMissing, "G1 replays recorded missions and none are given; give --recorded FILE, which 'edge policy gate ID G2 --record FILE' makes from the incumbent's missions.");
        var sum = new ReplayFigures(0, 0, 0, 0);
        var sets = new Dictionary<string, MissionWorldMissions>(StringComparer.Ordinal);
        for (int i = 0; i < recorded.Count; i++)
        {
            var mission = recorded[i];
            if (!sets.TryGetValue(mission.Set, out var set))
                sets[mission.Set] = set = MissionWorldMissions.Named(mission.Set) ?? throw new InvalidDataException($"Recorded mission {i + 1} is of set '{UntrustedText.Clean(mission.Set, 80)}', which this program has not.");
            var one = Wait(_trial.ReplayAsync(policy, set.Start(mission.Number), mission.Commands, _stop));
            sum = new ReplayFigures(sum.Decisions + one.Decisions, sum.Unsafe + one.Unsafe, sum.Grounded + one.Grounded, sum.IncumbentGrounded + one.IncumbentGrounded);
            _progress.Report(i + 1, recorded.Count);
        }
        return GateRules.Replay(sum, _options.Bounds);
    }

    private GateResult Simulate(CandidatePolicy policy)
    {
        int n = _options.Bounds.SimulatedMissions, families = _missions.Sets.Count;
        var pairs = ImmutableArray.CreateBuilder<(bool Policy, bool Incumbent)>(n);
        var latencies = ImmutableArray.CreateBuilder<TimeSpan>();
        var tallies = new Tally[families];
        for (int i = 0; i < n; i++)
        {
            var pair = Pair(policy, i % families, PolicyMissions.Number(PolicyPurpose.Simulation, i / families), latencies, ref tallies[i % families]);
            pairs.Add(pair);
            _progress.Report(i + 1, n);
        }
        AddFamilies(tallies);
        return GateRules.Simulation(new SimulationFigures(pairs.ToImmutable(), latencies.ToImmutable()), _options.Bounds);
    }

    private GateResult Remember(CandidatePolicy policy)
    {
        int n = _options.FamilyMissions, families = _missions.Sets.Count;
        var tallies = new Tally[families];
        for (int i = 0; i < n * families; i++)
        {
            Pair(policy, i % families, PolicyMissions.Number(PolicyPurpose.Forgetting, i / families), null, ref tallies[i % families]);
            _progress.Report(i + 1, n * families);
        }
        AddFamilies(tallies);
        var result = GateRules.Forgetting([.. _families.Select(f => new FamilyFigures(f.Family, f.Missions, f.Succeeded, f.IncumbentSucceeded!.Value))], _options.Bounds);
        return result with { Lowered = result.Lowered || n < PolicyGateOptions.DefaultFamilyMissions };
    }

    private GateResult Shadow(CandidatePolicy policy)
    {
        var bounds = _options.Bounds;
        var shadow = new ShadowRun(policy, _time, bounds.LatencyBudget);
        for (int i = 0; shadow.Figures() is var f && (f.Decisions < bounds.ShadowDecisions || f.Elapsed < bounds.ShadowTime); i++)
        {
            var mission = Mission(i, PolicyPurpose.Shadow);
            var live = new ShadowedPolicy(Line.Main, mission, shadow);
            Wait(_trial.PlayAsync(new PolicyLine(live), mission, null, _options.Period, _stop));
            Wait(live.Last);
            double share = Math.Min(f.Decisions / (double)bounds.ShadowDecisions, f.Elapsed / bounds.ShadowTime);
            _progress.Report(double.IsFinite(share) ? share : 1, $"{f.Decisions} decisions");
        }
        return GateRules.Shadow(shadow.Figures(), bounds);
    }

    private GateResult Canary(CandidatePolicy policy)
    {
        int n = _options.Bounds.CanaryMissions;
        int incumbent = Enumerable.Range(0, n).Count(i => Wait(_trial.PlayAsync(Line, Mission(i, PolicyPurpose.Canary), null, default, _stop)).Succeeded);
        var triggers = new List<string>();
        var expected = MissionWorldContract.Expectations;
        var monitors = new MonitorSuite(new MonitorBaseline((double)incumbent / n, 0, 1), expected, t => triggers.Add($"{t.Monitor}: {t.Evidence}"));
        for (int i = 0; i < n; i++)
        {
            Wait(_trial.PlayAsync(new PolicyLine(policy), Mission(i, PolicyPurpose.Canary), monitors, _options.Period, _stop));
            _progress.Report(i + 1, n);
        }
        return GateRules.Canary(new CanaryFigures(n, [.. triggers]), _options.Bounds);
    }

    private (bool Policy, bool Incumbent) Pair(CandidatePolicy policy, int family, int number, ImmutableArray<TimeSpan>.Builder? latencies, ref Tally tally)
    {
        var set = _missions.Sets[family];
        var mine = Wait(_trial.PlayAsync(new PolicyLine(policy), set.Start(number), null, default, _stop));
        var theirs = Wait(_trial.PlayAsync(Line, set.Start(number), null, default, _stop));
        latencies?.AddRange(mine.Latencies);
        _played.Add(new RecordedMission(set.Name, number, theirs.Commands));
        tally.Missions++;
        tally.Steps += mine.Report.Steps;
        if (mine.Succeeded) tally.Succeeded++;
        if (theirs.Succeeded) tally.Incumbent++;
        return (mine.Succeeded, theirs.Succeeded);
    }

    private IMission Mission(int index, PolicyPurpose purpose) => _missions.Sets[index % _missions.Sets.Count].Start(PolicyMissions.Number(purpose, index / _missions.Sets.Count));

    private void AddFamilies(Tally[] tallies)
    {
        for (int f = 0; f < tallies.Length; f++)
            if (tallies[f].Missions > 0) _families.Add(new PolicyFamilyResult(PolicyMissions.Families[f].ToString(), tallies[f].Missions, tallies[f].Succeeded, tallies[f].Incumbent, (double)tallies[f].Steps / tallies[f].Missions));
    }

    // Opened when it is first asked: G0 must not fail because of another policy.
    private PolicyLine Line => _line ??= Incumbent.Length > 0 ? Open(Incumbent) : PolicyLine.PlannerOnly;

    private PolicyLine Open(string id) => new(CandidateBundle.Open(_store.Load(id), MissionWorldContract.Shape, _time));

    private T Wait<T>(Task<T> work)
    {
        var result = work.GetAwaiter().GetResult();
        // A mission that was broken off says nothing; neither does a gate that holds one.
        _stop.ThrowIfCancellationRequested();
        return result;
    }

    private static void Wait(Task work) => work.GetAwaiter().GetResult();

    private static GateResult Rehearsed(GateResult result) => result with { Lowered = true, Evidence = "rehearsed, " + result.Evidence };

    private struct Tally
    {
        public int Missions, Succeeded, Incumbent, Steps;
    }
}
