using EdgeAutonomy.Recording;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>Takes what the loops of a run do to a file, to the live view, or both.</summary>
/// <remarks>One per run. Whatever fails in here is told, and no loop notices; on a failure of the disk the loops are asked to take the configured rung.</remarks>
internal sealed class RunRecorder : IDisposable
{
    private readonly RecordPump _pump;
    private readonly RecordingWriter? _writer;

    private RunRecorder(RecordPump pump, RecordingWriter? writer)
    {
        _pump = pump;
        _writer = writer;
    }

    /// <summary>Gets what was recorded; null when nothing was. After the end.</summary>
    public RecordingTotals? Totals => _writer?.Totals;

    /// <summary>Returns how loops of a run hand their cycles over.</summary>
    /// <param name="section">The recorder's keys.</param>
    /// <param name="clock">The clock that the loops wait on.</param>
    /// <param name="record">Whether a file is written; without one no keyframes are needed.</param>
    public static LaneOptions Lanes(RecordingSection section, RecordedClock clock, bool record) => new()
    {
        RingBytes = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)section.RingMiB << 20),
        KeyframeCycles = record ? section.KeyframeCycles : 0,
        // Simulated time waits for the recorder, so that a run faster than any disk still replays as a whole.
        OnFull = clock == RecordedClock.Sim ? RecordFullPolicy.Hold : section.OnFull,
        Clock = clock,
    };

    /// <summary>Starts a recorder.</summary>
    /// <param name="lanes">Where records come from.</param>
    /// <param name="file">How the file is written, and about which run; null = no file.</param>
    /// <param name="viewHz">Views per second in the file.</param>
    /// <param name="more">More consumers, such as the live view.</param>
    /// <param name="tell">Told what goes wrong, in one sentence.</param>
    /// <param name="required">Whether a file that cannot be made is an error; a robot's service starts without it.</param>
    /// <exception cref="EdgeException">The file cannot be made, and is required.</exception>
    public static RunRecorder Start(
        IReadOnlyList<RecordLane> lanes, (RecordingOptions Options, RunInfo Info)? file, double viewHz, IEnumerable<IRecordConsumer> more, Action<RecordingFault> tell, bool required = true)
    {
        RecordingWriter? writer = null;
        if (file is { } f)
        {
            try
            {
                MakeFolder(f.Options.Path, required);
                writer = new RecordingWriter(f.Options, f.Info, lanes, viewHz, TimeProvider.System, tell, required);
            }
            catch (Exception error) when (error is McapWriteException or IOException or UnauthorizedAccessException)
            {
                throw new EdgeException(ExitCode.Io, $"The recording cannot be made: {error.Message}", error);
            }
        }
        IRecordConsumer[] consumers = [.. more, .. writer is null ? Array.Empty<IRecordConsumer>() : [writer]];
        return new RunRecorder(new RecordPump(lanes, consumers, (c, e) => tell(new RecordingFault(c == writer, $"Bug in EdgeAutonomy.Recording: {c.GetType().Name} failed and was left out: {e.Message}"))), writer);
    }

    private static void MakeFolder(string path, bool required)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (!required && error is IOException or UnauthorizedAccessException)
        {
            // The writer finds the same and tells it, with the file's name.
        }
    }

    /// <summary>Describes a run for its recording.</summary>
    public static RunInfo Describe(string verb, EdgeOptions options, Scenario? scenario)
    {
        byte[] configuration = EffectiveConfiguration.Write(options);
        var machine = Machine.Describe();
        return new RunInfo
        {
            Verb = verb, Robot = options.Robot.Id, Seed = options.Robot.Seed, Configuration = configuration, ConfigurationHash = EffectiveConfiguration.Hash(configuration),
            Scenario = scenario is null ? null : System.Text.Encoding.UTF8.GetBytes(ScenarioFile.Write(scenario)),
            Details = new Dictionary<string, string>(ModelFiles.Of(options).Select(m => KeyValuePair.Create(m.Key, ModelFiles.Hash(m.Model))))
            {
                ["program"] = $"edge {ProgramVersion.Text}", ["cpu"] = machine.Cpu, ["kernel"] = machine.Os, ["runtime"] = machine.Runtime, ["simd"] = machine.Simd,
                ["clock"] = options.Clock.Mode.ToString(), ["scheduler"] = options.RealTime.Scheduler.ToString(),
            },
        };
    }

    /// <summary>Adds a sentence to the recording and the live view. Any thread but a loop's.</summary>
    public void Log(in LogLine line) => _pump.Log(line);

    /// <summary>Takes what is still on its way and ends the file. End the loops first.</summary>
    public void Dispose() => _pump.Dispose();
}
