using System.Collections.Immutable;

namespace EdgeAutonomy.Agents;

/// <summary>A mission agent whose policy comes from a store of bundles: starts with the best one there is, watches it, and goes back from it by itself.</summary>
/// <remarks>
/// At the start: <c>current</c>, else <c>previous</c>, else the mission's planner. While it runs: monitors of the policy in force; a trigger takes it out of
/// line between two steps of the mission, which goes on. A policy that came into force within a mission is judged by its decisions at once, by whole missions
/// from the next one on. A policy that had to rest because it was late gets a second chance with the next mission; late again, it is rolled back.
/// One mission at a time; <see cref="Rollback"/> may be called from any thread.
/// </remarks>
public sealed class BundledAgent : IDisposable
{
    private readonly BundledAgentOptions _options;
    private readonly BundleStore _store;
    private readonly RollbackSwitch _switch;
    private readonly MissionRunner _runner;
    private volatile Post? _post;
    private PolicyBundle? _opened;
    private MissionShape? _lastShape;
    private volatile bool _onMission, _resting;

    /// <summary>Opens the store and the policy to start with.</summary>
    /// <param name="options">What it is made of.</param>
    /// <exception cref="IOException">Another process has the store open, or the disk fails.</exception>
    public BundledAgent(BundledAgentOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _store = new BundleStore(options.Store, new BundleLoader(options.Keys, options.World, options.Probe));
        try
        {
            var line = Begin();
            var watch = new Watch(this);
            Runtime = new AgentRuntime(line, new GuardChain(options.Envelope, options.Time, options.Guard, options.Metrics), options.Time, options.Runtime, watch, options.Progress, options.Metrics);
            _runner = new MissionRunner(Runtime, options.Time, options.Runner, watch, options.Metrics);
            _switch = new RollbackSwitch(Runtime, _store, Open, Receive, options.Time, options.Metrics);
        }
        catch
        {
            _store.Dispose();
            throw;
        }
        if (Start.Bundle is { } bundle) _options.Metrics?.ShowPolicy(bundle.Id, bundle.Manifest.Parent);
    }

    /// <summary>Gets the policy that it started with, where it was found and what was wrong on the way.</summary>
    public PolicyStart Start { get; private set; } = new(null, "planner", []);

    /// <summary>Gets the id of the policy in force; empty when the planner drives.</summary>
    public string Policy => _resting ? "" : _post?.Bundle.Id ?? "";

    /// <summary>Gets who decides.</summary>
    public AgentRuntime Runtime { get; }

    /// <summary>Runs a mission to its end, whatever becomes of the policies.</summary>
    /// <param name="mission">The mission, at its start.</param>
    /// <param name="body">Who carries commands out.</param>
    /// <param name="cancel">Stops it from outside.</param>
    public async Task<MissionReport> RunAsync(IMission mission, IMissionBody body, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(mission);
        CheckWorld(mission.Shape);
        if (_resting) Resume();
        _onMission = true;
        try
        {
            return await _runner.RunAsync(mission, body, cancel).ConfigureAwait(false);
        }
        finally
        {
            _onMission = false;
        }
    }

    /// <summary>Goes back from the policy in force because a person or another program says so; nothing happens when the planner drives. Any thread.</summary>
    /// <param name="reason">Why, one line.</param>
    public void Rollback(string reason)
    {
        if (_post is { } post) _switch.Receive(post.Bundle.Id, new MonitorTrigger("operator", MonitorAction.Rollback, UntrustedText.Clean(reason, 200)));
    }

    /// <summary>Tells the world model's present hashes, whenever it was loaded or changed: a policy for another one does not act.</summary>
    /// <param name="running">The running world model.</param>
    public void ObserveContract(BundleExpectations running) => _post?.Suite.ObserveContract(running);

    /// <summary>Closes the store.</summary>
    public void Dispose() => _store.Dispose();

    // Missions of another description than the policy's are no reason to roll it back, but it must not decide them.
    private void CheckWorld(MissionShape shape)
    {
        if (ReferenceEquals(shape, _lastShape)) return;
        _lastShape = shape;
        ObserveContract(_options.World with { ObservationSchemaSha256 = CandidateWeights.HashOf(shape.Vocabulary) });
    }

    private PolicyLine Begin()
    {
        var start = _store.Start();
        var findings = start.Findings.ToBuilder();
        for (var bundle = start.Bundle; bundle is not null; bundle = start.Bundle)
        {
            try
            {
                var line = Open(bundle);
                _post = new Post(bundle, Suite(bundle), false);
                Start = start with { Findings = findings.ToImmutable() };
                return line;
            }
            catch (BundleException e)
            {
                findings.Add(e.Message);
                start = Before(start, findings);
            }
        }
        Start = new PolicyStart(null, "planner", findings.ToImmutable());
        return PolicyLine.PlannerOnly;
    }

    // A bundle that is sound and yet cannot be opened here (a model server that is not configured) is passed over, not denied.
    private PolicyStart Before(PolicyStart start, ImmutableArray<string>.Builder findings)
    {
        if (start.Place != "current" || _store.Named("previous") is not { } previous || previous == start.Bundle?.Id) return start with { Bundle = null };
        try
        {
            return start with { Bundle = _store.Load(previous), Place = "previous" };
        }
        catch (BundleException e)
        {
            findings.Add($"Policy 'previous' cannot be used ({e.Refusal}): {e.Message}");
            return start with { Bundle = null };
        }
    }

    private PolicyLine Open(PolicyBundle bundle)
    {
        try
        {
            var line = _options.Open(bundle);
            _opened = bundle;
            return line;
        }
        catch (Exception e)
        {
            // Foreign code: whatever it throws, the robot goes on without this policy.
            throw new BundleException($"Policy {bundle.Id} cannot be opened: {e.GetType().Name}: {UntrustedText.Clean(e.Message, 200)}", e);
        }
    }

    private void Resume()
    {
        _resting = false;
        if (_post is not { } post) return;
        try
        {
            Runtime.Swap(Open(post.Bundle), giveUp: false);
        }
        catch (BundleException)
        {
            // It opened before and does not now: the planner keeps driving, and the next mission tries again.
            _resting = true;
        }
    }

    private MonitorSuite Suite(PolicyBundle bundle)
    {
        var m = bundle.Manifest;
        return new MonitorSuite(_options.Baseline, new BundleExpectations(m.ActionVocabularySha256, m.ObservationSchemaSha256, m.DomainSha256), trigger => _switch.Receive(bundle.Id, trigger), _options.Metrics);
    }

    private void Receive(RollbackEvent happened)
    {
        switch (happened.Trigger.Action)
        {
            case MonitorAction.Fallback:
                _resting = true;
                break;
            case MonitorAction.Refuse:
                _post = null;
                break;
            case MonitorAction.Rollback:
                _resting = false;
                _post = happened.Now.Length > 0 && _opened is { } now ? new Post(now, Suite(now), _onMission) : null;
                break;
        }
        _options.Publish?.Invoke(happened);
    }

    private void End(MissionReport report)
    {
        _onMission = false;
        // It has not seen this mission from its start: whether it succeeded says nothing about it.
        if (_post is { IsLate: true } late) _post = new Post(late.Bundle, Suite(late.Bundle), false);
        else _post?.Suite.OnEnd(report);
    }

    /// <summary>A policy in force with those who watch it.</summary>
    private sealed record Post(PolicyBundle Bundle, MonitorSuite Suite, bool IsLate);

    private sealed class Watch(BundledAgent agent) : IDecisionSink, IMissionObserver
    {
        public void Record(DecisionRecord record)
        {
            agent._options.Sink?.Record(record);
            agent._post?.Suite.Record(record);
        }

        public string? OnStep(ActionCall call, in MissionStep step, ulong state) => agent._post?.Suite.OnStep(call, step, state);

        public void OnEnd(MissionReport report) => agent.End(report);
    }
}
