using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host;

/// <summary>What the pictures of one recorded loop are drawn from; every cycle counts, memory does not grow with the recording.</summary>
internal sealed class LoopTrace
{
    private readonly LoopDescription _loop;
    private readonly LatencyHistogram[] _stages;
    private readonly RoverSample? _sample;

    /// <summary>Makes an empty trace.</summary>
    public LoopTrace(LoopDescription loop)
    {
        _loop = loop;
        _stages = [.. loop.StageNames.Select(_ => new LatencyHistogram())];
        _sample = PayloadShape.Create(loop.Sample) as RoverSample;
        Periods = new PeriodTrace(loop.Grid);
    }

    /// <summary>Gets the loop's name.</summary>
    public string Name => _loop.Name;

    /// <summary>Gets the latency of the whole cycle.</summary>
    public LatencyHistogram EndToEnd { get; } = new();

    /// <summary>Gets the periods and rungs.</summary>
    public PeriodTrace Periods { get; }

    /// <summary>Gets where the robot thinks it was.</summary>
    public PathTrace Odometry { get; } = new();

    /// <summary>Gets the latencies: one row per stage, then the whole cycle.</summary>
    public IReadOnlyList<StageLatency> Stages => [.. _stages.Select((h, i) => new StageLatency(_loop.StageNames[i], h.Summarize())), new StageLatency("end to end", EndToEnd.Summarize())];

    /// <summary>Adds a cycle.</summary>
    /// <exception cref="InvalidDataException">The record is damaged, or of another loop.</exception>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        var record = CycleRecord.Parse(bytes);
        if (record.StageCount != _stages.Length) throw new InvalidDataException($"Cycle {record.CycleId} of loop '{Name}' has {record.StageCount} stages, its channel names {_stages.Length}; the recording is damaged.");
        for (int i = 0; i < _stages.Length; i++) _stages[i].Record((long)record.BoundaryNs(i + 1) - record.BoundaryNs(i), record.CycleId);
        EndToEnd.Record(record.BoundaryNs(_stages.Length), record.CycleId);
        Periods.Add(record);
        if (_sample is null || !record.TrySection(SectionKind.Sample, out var data)) return;
        _sample.Thaw(data);
        Odometry.Add(_sample.Odometry.Pose);
        Odometry.Add(_sample.Goal);
    }
}
