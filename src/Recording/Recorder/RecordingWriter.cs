using System.Globalization;

namespace EdgeAutonomy.Recording;

/// <summary>Writes what leaves the loops into MCAP files that replay: state channels with exact bits, view channels for people.</summary>
/// <remarks>
/// Recorder's thread. A disk that is full or fails ends the file as well as it can be ended, is told once, and is tried again later; the loops never notice.
/// Every file begins with the run's metadata, all channels and, by the lanes' next keyframes, a state to replay from.
/// </remarks>
public sealed class RecordingWriter : IRecordConsumer
{
    private readonly RecordingOptions _options;
    private readonly RunInfo _info;
    private readonly IReadOnlyList<RecordLane> _lanes;
    private readonly RecordingViews? _views;
    private readonly RecordingFolder _folder;
    private readonly TimeProvider _time;
    private readonly Action<RecordingFault> _tell;
    private RecordingChannels? _file;
    private long _opened, _flushed, _synced, _checked, _failedAt;
    private long _bytesBefore, _messagesBefore, _lost, _gaps;
    private bool _rotate;

    /// <summary>Opens the first file.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="info">About the run.</param>
    /// <param name="lanes">The lanes whose records will come.</param>
    /// <param name="viewHz">Views per second of logical time; 0 = none are recorded.</param>
    /// <param name="time">Real time, for flushing and rotation.</param>
    /// <param name="tell">Told when recording stops and when it goes on; on the recorder's thread.</param>
    /// <param name="required">Whether a file that cannot be made is an error; otherwise it is told, and tried again later.</param>
    /// <exception cref="McapWriteException">The file cannot be made, and is required.</exception>
    public RecordingWriter(RecordingOptions options, RunInfo info, IReadOnlyList<RecordLane> lanes, double viewHz, TimeProvider time, Action<RecordingFault> tell, bool required = true)
    {
        _options = options;
        _info = info;
        _lanes = lanes;
        _time = time;
        _tell = tell;
        _folder = new RecordingFolder(options);
        if (viewHz > 0) _views = new RecordingViews(lanes, viewHz);
        try
        {
            Open();
        }
        catch (McapWriteException error) when (!required)
        {
            Fail(error.Message);
        }
    }

    /// <summary>Gets what was recorded so far. Recorder's thread, or after the end.</summary>
    public RecordingTotals Totals => new(
        _folder.Path, _folder.Files, _bytesBefore + (_file?.Writer.Position ?? 0), _messagesBefore + (_file?.Writer.Messages ?? 0),
        _lanes.Sum(l => l.Ring.Dropped) + _lost, _gaps, _file is not null);

    /// <inheritdoc/>
    public void OnRecord(RecordLane lane, RecordKind kind, ReadOnlySpan<byte> record)
    {
        if (_file is null)
        {
            _lost++;
            return;
        }
        try
        {
            // A keyframe makes a new file replayable from its first cycle on.
            if (_rotate && kind == RecordKind.Keyframe) Rotate();
            if (kind == RecordKind.Gap) _gaps++;
            _file!.Write(lane, kind, record);
            _views?.OnRecord(lane, kind, record);
        }
        catch (McapWriteException error)
        {
            Fail(error.Message);
        }
    }

    /// <inheritdoc/>
    public void OnLog(in LogLine line)
    {
        if (_file is null)
        {
            _lost++;
            return;
        }
        try
        {
            _views?.OnLog(line);
        }
        catch (McapWriteException error)
        {
            Fail(error.Message);
        }
    }

    /// <inheritdoc/>
    public void OnPause()
    {
        long now = _time.GetTimestamp();
        if (_file is null)
        {
            if (_options.RetrySeconds > 0 && Seconds(_failedAt, now) >= _options.RetrySeconds) Retry(now);
            return;
        }
        try
        {
            if (Seconds(_flushed, now) >= _options.FlushSeconds)
            {
                _file.Writer.FlushChunk();
                _flushed = now;
            }
            if (_options.SyncSeconds > 0 && Seconds(_synced, now) >= _options.SyncSeconds)
            {
                _file.Writer.Sync();
                _synced = now;
            }
            if (Seconds(_checked, now) >= 1) Check(now);
        }
        catch (McapWriteException error)
        {
            Fail(error.Message);
        }
    }

    /// <inheritdoc/>
    public void OnEnd()
    {
        try
        {
            Close("end of the run");
        }
        catch (McapWriteException error)
        {
            Fail(error.Message);
        }
    }

    private void Check(long now)
    {
        _checked = now;
        double free = _folder.FreeMiB;
        if (free < _options.MinFreeMiB)
        {
            Fail(string.Create(CultureInfo.InvariantCulture, $"{_folder.Path}: {free:0} MiB are free, recording needs {_options.MinFreeMiB:0}."));
            return;
        }
        bool large = _options.RotateMiB > 0 && _file!.Writer.Position >= _options.RotateMiB * (1 << 20), old = _options.RotateMinutes > 0 && Seconds(_opened, now) >= _options.RotateMinutes * 60;
        if (!(large || old) || _rotate) return;
        _rotate = true;
        foreach (var lane in _lanes) lane.KeyframeRequested = true;
    }

    private void Open()
    {
        var writer = _folder.Create();
        _file = new RecordingChannels(writer, _info, _lanes, _time.GetUtcNow());
        _views?.Attach(writer);
        _opened = _flushed = _synced = _checked = _time.GetTimestamp();
        _rotate = false;
    }

    private void Rotate()
    {
        Close("rotation");
        Open();
        foreach (string deleted in _folder.DeleteOldest()) _tell(new RecordingFault(false, $"{deleted} was deleted: the recordings took more than {_options.MaxGiB.ToString(CultureInfo.InvariantCulture)} GiB."));
    }

    private void Close(string reason)
    {
        if (_file is not { } file) return;
        _file = null;
        try
        {
            file.Finish(Totals, reason);
        }
        finally
        {
            _bytesBefore += file.Writer.Position;
            _messagesBefore += file.Writer.Messages;
        }
    }

    private void Fail(string reason)
    {
        if (_file is null && _failedAt != 0) return;
        _failedAt = _time.GetTimestamp();
        try
        {
            Close("failure");
        }
        catch (McapWriteException)
        {
            // Told below already; what is in the file can be read by scanning.
        }
        string follows = _options.RetrySeconds > 0 ? string.Create(CultureInfo.InvariantCulture, $"tried again every {_options.RetrySeconds:0} s") : "not tried again";
        _tell(new RecordingFault(true, $"{reason.TrimEnd('.')}; recording stopped, the robot goes on; {follows}."));
    }

    private void Retry(long now)
    {
        _failedAt = now;
        // Twice the limit, so that a disk on the edge does not make a file every minute.
        if (_folder.FreeMiB < 2 * _options.MinFreeMiB) return;
        try
        {
            Open();
        }
        catch (McapWriteException)
        {
            return;
        }
        foreach (var lane in _lanes) lane.KeyframeRequested = true;
        _tell(new RecordingFault(false, $"{_folder.Path}: recording goes on in this file."));
    }

    private double Seconds(long from, long to) => _time.GetElapsedTime(from, to).TotalSeconds;
}
