using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Recording;

/// <summary>Turns the cycle records of one loop into views, live or from a file.</summary>
/// <remarks>One thread, not a loop's. <see cref="Apply"/> allocates nothing; <see cref="Build"/> makes a snapshot.</remarks>
public sealed class LoopViewBuilder
{
    private readonly LoopDescription _loop;
    private readonly PeriodGrid _grid;
    private readonly object? _sample;
    private readonly Percept? _percept;
    private readonly LatencyHistogram[] _stages;
    private readonly LatencyHistogram _endToEnd = new();
    private readonly Queue<Totals> _second = new();
    private readonly StageStatus[] _statuses;
    private EventImage? _image;
    private Totals _totals;
    private long _misses, _failures, _sensorDropped;
    private ulong _cycleId;
    private byte _periodIndex;
    private PeriodReason _periodReason;
    private Rung _rung;
    private RungReason _rungReason;
    private CycleFlags _flags;
    private float _trust, _coverage;
    private Twist2 _action;
    private bool _sensed, _perceived;

    /// <summary>Makes a builder.</summary>
    /// <param name="loop">The loop whose records will come.</param>
    public LoopViewBuilder(LoopDescription loop)
    {
        _loop = loop;
        _grid = loop.Grid;
        _sample = PayloadShape.Create(loop.Sample);
        _percept = PayloadShape.Create(loop.Percept) as Percept;
        _stages = [.. loop.StageNames.Select(_ => new LatencyHistogram())];
        _statuses = new StageStatus[_stages.Length];
    }

    /// <summary>Gets the logical time of the newest cycle.</summary>
    public Stamp Tag => _totals.Tag;

    /// <summary>Gets the newest odometry; default before there is any.</summary>
    public Odometry Odometry => _sample is RoverSample rover ? rover.Odometry : default;

    /// <summary>Gets the latency of the whole cycle.</summary>
    public LatencyHistogram EndToEnd => _endToEnd;

    /// <summary>Takes over what a record says.</summary>
    /// <exception cref="InvalidDataException">The record does not belong to the loop, or a payload in it is damaged.</exception>
    public void Apply(in CycleRecord record)
    {
        if (record.StageCount != _stages.Length) throw new InvalidDataException($"Cycle {record.CycleId} of loop '{_loop.Name}' has {record.StageCount} stages, its channel names {_stages.Length}; the recording is damaged.");
        bool failed = false;
        for (int i = 0; i < _stages.Length; i++)
        {
            _statuses[i] = record.Status(i);
            failed |= _statuses[i].IsFailed;
            _stages[i].Record(Math.Max(0L, (long)record.BoundaryNs(i + 1) - record.BoundaryNs(i)), record.CycleId);
        }
        _endToEnd.Record(record.BoundaryNs(_stages.Length), record.CycleId);
        if (failed) _failures++;
        if (record.Measured.CycleMissed) _misses++;
        _sensorDropped += record.Dropped;
        _totals = new Totals(record.Tag, _totals.Cycles + 1, _totals.Items + record.Items, _totals.Joules + record.Energy.TotalMicrojoule * 1e-6);
        (_cycleId, _periodIndex, _periodReason) = (record.CycleId, record.PeriodIndex, record.PeriodReason);
        (_rung, _rungReason, _flags, _trust, _coverage) = (record.Rung, record.RungReason, record.Flags, record.Trust, record.Coverage);
        if (_loop.Action == nameof(Twist2)) _action = record.Section<Twist2>(SectionKind.Applied);
        Payloads(record);
    }

    /// <summary>Makes a snapshot and begins a new event image.</summary>
    /// <param name="recorderDropped">Records that the lane had to drop.</param>
    public LoopView Build(long recorderDropped = 0)
    {
        while (_second.Count > 1 && (_totals.Tag - _second.Peek().Tag).Seconds > 1) _second.Dequeue();
        var before = _second.Count > 0 ? _second.Peek() : _totals;
        double seconds = (_totals.Tag - before.Tag).Seconds, rate = seconds > 0 ? 1 / seconds : 0;
        _second.Enqueue(_totals);
        var rover = _sensed ? _sample as RoverSample : null;
        var view = new LoopView
        {
            Loop = _loop.Name, StageNames = _loop.StageNames, Statuses = [.. _statuses], CycleId = _cycleId, Tag = _totals.Tag,
            Period = _periodIndex < _grid.Count ? _grid[_periodIndex] : Duration.Zero, PeriodReason = _periodReason, Rung = _rung, RungReason = _rungReason, Flags = _flags,
            Trust = _trust, Coverage = _coverage, Odometry = rover?.Odometry, Goal = rover is { Goal.Id: not 0 } ? rover.Goal : null,
            Sectors = _perceived ? [.. _percept!.Sectors] : [], Boxes = _perceived ? [.. _percept!.Boxes] : [],
            Scan = rover is { Scan.Ranges.Length: > 0 } ? Copy(rover.Scan) : null, Image = _image, Action = _action,
            EventsPerSecond = (_totals.Items - before.Items) * rate, CyclesPerSecond = (_totals.Cycles - before.Cycles) * rate,
            EnergyJoules = _totals.Joules, PowerWatt = (_totals.Joules - before.Joules) * rate, Misses = _misses, Failures = _failures, Latencies = Latencies(),
            Dropped = new Dictionary<string, long> { ["sensor"] = _sensorDropped, ["recorder"] = recorderDropped },
        };
        _image = null;
        return view;
    }

    /// <summary>Returns the latencies: one row per stage, then the whole cycle.</summary>
    public IReadOnlyList<StageLatency> Latencies() =>
        [.. _stages.Select((h, i) => new StageLatency(_loop.StageNames[i], h.Summarize())), new StageLatency("end to end", _endToEnd.Summarize())];

    private void Payloads(in CycleRecord record)
    {
        if (_percept is not null && record.TrySection(SectionKind.Percept, out var percept))
        {
            _percept.Thaw(percept);
            _perceived = true;
        }
        if (_sample is not IFreezable sample || !record.TrySection(SectionKind.Sample, out var data)) return;
        sample.Thaw(data);
        _sensed = true;
        if ((_sample as EventPacket ?? (_sample as RoverSample)?.Events) is not { Width: > 0 and <= 8192, Height: > 0 and <= 8192 } events) return;
        if (_image?.Width != events.Width || _image.Height != events.Height) _image = new EventImage(events.Width, events.Height);
        foreach (ref readonly var e in events.Events)
        {
            if (e.X < events.Width && e.Y < events.Height) _image.Pixels[e.Y * events.Width + e.X] = e.Polarity != 0 ? EventImage.On : EventImage.Off;
        }
    }

    private static RangeScan Copy(RangeScan scan)
    {
        var copy = new RangeScan(scan.Ranges.Length) { Time = scan.Time, FirstBearing = scan.FirstBearing, BearingStep = scan.BearingStep, MaxRange = scan.MaxRange };
        scan.Ranges.CopyTo(copy.Ranges, 0);
        return copy;
    }

    private readonly record struct Totals(Stamp Tag, long Cycles, long Items, double Joules);
}
