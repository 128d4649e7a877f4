using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Records a replay, so that it can be compared with other runs and shown.</summary>
internal sealed class ReplayLog : IDisposable
{
    private readonly Dictionary<string, RecordLane> _lanes;
    private readonly MapLane _map = new(RecordFullPolicy.DropAndMark);
    private readonly RecordingWriter _writer;
    private readonly CycleBuffer _buffer = new(1 << 16);
    private string? _failure;

    /// <summary>Opens the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="file">The recording that is replayed.</param>
    /// <param name="configuration">The configuration it is replayed with.</param>
    /// <param name="overrides">The changes of it.</param>
    /// <param name="loops">Its loops.</param>
    /// <exception cref="EdgeException">The file cannot be made.</exception>
    public ReplayLog(string path, RecordingFile file, EdgeOptions configuration, IReadOnlyList<string> overrides, IEnumerable<LoopReplay> loops)
    {
        _lanes = loops.ToDictionary(l => l.Recorded.Name, l => (RecordLane)new RecordedLane(l.Now));
        var described = RunRecorder.Describe("replay", configuration, null);
        var details = new Dictionary<string, string>(described.Details) { ["replayOf"] = Path.GetFileName(file.Path), ["overrides"] = string.Join(' ', overrides) };
        try
        {
            _writer = new RecordingWriter(
                new RecordingOptions { Path = path, MinFreeMiB = 0, RetrySeconds = 0 }, described with { Scenario = file.Scenario, Details = details },
                [.. _lanes.Values, _map], new RecordingSection().ViewHz, TimeProvider.System, fault => _failure ??= fault.Text);
        }
        catch (Exception error) when (error is McapWriteException or IOException or UnauthorizedAccessException)
        {
            throw new EdgeException(ExitCode.Io, $"The recording cannot be made: {error.Message}", error);
        }
    }

    /// <summary>Takes a record that was run.</summary>
    public void Cycle(string loop, ReadOnlySpan<byte> record) => Write(_lanes[loop], RecordKind.Cycle, record);

    /// <summary>Takes the state of a loop.</summary>
    public void Keyframe(LoopReplay loop, ulong nextCycle, Stamp tag)
    {
        _buffer.Reset();
        loop.WriteKeyframe(nextCycle, tag, _buffer);
        Write(_lanes[loop.Recorded.Name], RecordKind.Keyframe, _buffer.Written);
    }

    /// <summary>Takes a recorded map.</summary>
    public void Map(ReadOnlySpan<byte> record) => Write(_map, RecordKind.Map, record);

    /// <inheritdoc/>
    public void Dispose() => _writer.OnEnd();

    private void Write(RecordLane lane, RecordKind kind, ReadOnlySpan<byte> record)
    {
        _writer.OnRecord(lane, kind, record);
        if (_failure is not null) throw new EdgeException(ExitCode.Io, _failure);
    }
}
