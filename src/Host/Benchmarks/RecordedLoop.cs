using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>A loop of a benchmark with everything that records it: lane, recorder's thread, a file in the temporary folder that is deleted at the end.</summary>
internal sealed class RecordedLoop : IDisposable
{
    private readonly string _path;
    private readonly RecordPump _pump;
    private readonly RecordingWriter _writer;

    /// <summary>Makes and starts the loop.</summary>
    /// <param name="create">Makes the loop from what makes its sinks.</param>
    /// <param name="lane">Makes the lane of a loop.</param>
    /// <param name="timed">Whether the lane's own time is measured, which adds two readings of the clock to each record.</param>
    /// <param name="viewHz">Views per second in the file.</param>
    public RecordedLoop(Func<Func<LoopDescription, IReadOnlyList<ICycleSink>>, IControlLoop> create, Func<LoopDescription, RecordLane> lane, bool timed, double viewHz)
    {
        RecordLane? made = null;
        TimedLane? timer = null;
        Loop = create(description =>
        {
            made = lane(description);
            timer = timed ? new TimedLane(made) : null;
            return timed ? [timer!] : [(ICycleSink)made];
        });
        Lane = made!;
        Timer = timer;
        _path = Path.Combine(Path.GetTempPath(), $"edge-bench-{Environment.ProcessId}-{Lane.Name}-{(timed ? "timed" : "plain")}.mcap");
        var info = new RunInfo { Verb = "bench", Robot = "bench", Seed = 1, Configuration = "{}"u8.ToArray(), ConfigurationHash = "" };
        _writer = new RecordingWriter(new RecordingOptions { Path = _path }, info, [Lane], viewHz, TimeProvider.System, fault => Fault = fault.Text);
        _pump = new RecordPump([Lane], [_writer], (_, error) => Fault = error.Message);
        Loop.Start();
    }

    /// <summary>Gets the loop.</summary>
    public IControlLoop Loop { get; }

    /// <summary>Gets its lane.</summary>
    public RecordLane Lane { get; }

    /// <summary>Gets the times of the lane; null when they are not measured.</summary>
    public TimedLane? Timer { get; }

    /// <summary>Gets what went wrong with the file; null = nothing.</summary>
    public string? Fault { get; private set; }

    /// <summary>Takes what is still on its way and ends the file.</summary>
    /// <returns>What it took and lost.</returns>
    /// <exception cref="IOException">Recording failed, so that the figures say nothing.</exception>
    public RecordingTotals End()
    {
        _pump.Dispose();
        return Fault is null ? _writer.Totals : throw new IOException($"The recording of the benchmark failed: {Fault}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pump.Dispose();
        File.Delete(_path);
    }
}
