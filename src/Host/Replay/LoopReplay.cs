using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>Runs one recorded loop again, cycle by cycle, and compares.</summary>
/// <remarks>The loop is the one the service would run, made by the same factory; only sensor and actuator come from the recording.</remarks>
internal sealed class LoopReplay : ICycleSink
{
    private readonly ReplayFeed _feed;
    private readonly CycleComparer _comparer;
    private readonly CycleBuffer _replayed = new(1 << 20);
    private readonly List<Stamp> _tags = [];
    private readonly IControlLoop _loop;
    private readonly HashSet<string>? _fresh;
    private readonly bool _allowGaps;
    private bool _ready;

    /// <summary>Makes the loop.</summary>
    /// <param name="recorded">What was recorded.</param>
    /// <param name="options">The configuration, changed or not.</param>
    /// <param name="scenario">The scenario it was recorded in; null when it was not simulated.</param>
    /// <param name="changed">Sections of this loop that were changed; empty = an exact replay.</param>
    /// <param name="allowGaps">Whether holes are accepted.</param>
    public LoopReplay(LoopDescription recorded, EdgeOptions options, Scenario? scenario, IReadOnlySet<string> changed, bool allowGaps)
    {
        Recorded = recorded;
        _allowGaps = allowGaps;
        _feed = new ReplayFeed(recorded.Name) { KeepTags = changed.Count > 0 };
        _comparer = new CycleComparer(recorded);
        var wiring = new LoopWiring { Replay = new ReplayWiring(recorded, _feed, new ReplayClock(_tags), scenario), Sinks = [this] };
        _loop = new LoopFactory(options, wiring).Build(recorded.Name).Loop;
        if (changed.Count == 0)
        {
            if (!_loop.StageNames.SequenceEqual(recorded.StageNames))
                throw new InvalidDataException($"Loop '{recorded.Name}' was recorded with the stages {string.Join(", ", recorded.StageNames)}, its configuration makes {string.Join(", ", _loop.StageNames)}; the recording is of another version.");
        }
        else
        {
            _fresh = Fresh(changed, recorded.StageNames, _loop.StageNames);
            Counterfactual = new Counterfactual(recorded, _loop.Grid);
        }
        _loop.Start();
    }

    /// <summary>Gets what was recorded.</summary>
    public LoopDescription Recorded { get; }

    /// <summary>Gets what runs now: other names and periods than recorded when they were changed.</summary>
    public LoopDescription Now => Recorded with { StageNames = _loop.StageNames, ShortestPeriod = _loop.Grid.Shortest, PeriodCount = _loop.Grid.Count, Clock = RecordedClock.Replay };

    /// <summary>Gets whether it has found a keyframe to begin at.</summary>
    public bool IsReady => _ready;

    /// <summary>Gets how many cycles were run again.</summary>
    public long Cycles { get; private set; }

    /// <summary>Gets how many recorded cycles were left out because no keyframe stands in front of them.</summary>
    public long LeftOut { get; private set; }

    /// <summary>Gets how many cycles differ.</summary>
    public long Different { get; private set; }

    /// <summary>Gets the first difference; null = none so far.</summary>
    public CycleDifference? First { get; private set; }

    /// <summary>Gets what the changes would have changed; null on an exact replay.</summary>
    public Counterfactual? Counterfactual { get; }

    /// <summary>Gets the newest replayed record.</summary>
    public ReadOnlySpan<byte> Replayed => _replayed.Written;

    /// <inheritdoc/>
    public void OnCycle(Cycle cycle)
    {
        switch (cycle)
        {
            case TypedCycle<RoverSample, Percept, Twist2> rover: CycleRecordWriter.Write(rover, RecordedClock.Replay, _replayed); break;
            case TypedCycle<EventPacket, Percept, Twist2> events: CycleRecordWriter.Write(events, RecordedClock.Replay, _replayed); break;
            default: throw new InvalidOperationException($"Bug in EdgeAutonomy.Host: no record is known for cycles of {cycle.GetType().Name}.");
        }
    }

    /// <summary>Begins at a keyframe, or passes one by.</summary>
    /// <exception cref="InvalidDataException">The keyframe does not fit the loop.</exception>
    public void OnKeyframe(in Keyframe keyframe)
    {
        if (_ready) return;
        _loop.Thaw(keyframe.State, _fresh);
        _ready = true;
    }

    /// <summary>Writes the loop's state.</summary>
    public void WriteKeyframe(ulong nextCycle, Stamp tag, CycleBuffer buffer) => Keyframe.Write(_loop, nextCycle, tag, buffer);

    /// <summary>Runs one recorded cycle again.</summary>
    /// <returns>False when it was left out.</returns>
    /// <exception cref="InvalidDataException">Records are missing in front of it, and that was not allowed.</exception>
    public bool OnRecord(ReadOnlySpan<byte> bytes)
    {
        if (!_ready)
        {
            LeftOut++;
            return false;
        }
        _feed.Load(bytes);
        var record = _feed.Record;
        if (_allowGaps && record.CycleId != (ulong)_loop.CompletedCycles)
        {
            _ready = false;
            LeftOut++;
            return false;
        }
        _tags.Add(record.Tag);
        _loop.RunOnce();
        Cycles++;
        var replayed = CycleRecord.Parse(_replayed.Written);
        Counterfactual?.Add(record, replayed);
        if (_comparer.Compare(record, replayed) is not { } difference) return true;
        Different++;
        First ??= difference;
        return true;
    }

    /// <summary>Meets a hole in the recording.</summary>
    /// <exception cref="InvalidDataException">Holes were not allowed.</exception>
    public void OnGap(in RecordGap gap)
    {
        if (!_allowGaps && _ready) throw new InvalidDataException($"Loop '{Recorded.Name}': cycles {gap.First} to {gap.Last} were not recorded, because the recorder could not keep up; use --allow-gaps to go on at the next keyframe.");
        _ready = false;
    }

    private static HashSet<string> Fresh(IReadOnlySet<string> changed, IReadOnlyList<string> recorded, IReadOnlyList<string> now)
    {
        var fresh = new HashSet<string>(StringComparer.Ordinal);
        if (changed.Contains("Decide")) fresh.UnionWith([recorded[^2], now[^2]]);
        if (changed.Contains("Perceive")) fresh.UnionWith([.. recorded.Skip(1).SkipLast(2), .. now.Skip(1).SkipLast(2)]);
        if (changed.Contains("Period")) fresh.UnionWith(["pacer", "governor"]);
        if (changed.Contains("Monitor")) fresh.Add("ladder");
        return fresh;
    }
}
