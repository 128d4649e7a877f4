using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>One pass over a recording: every loop made anew, begun at a keyframe, and run record by record.</summary>
internal sealed class ReplayPass : IDisposable
{
    private readonly Dictionary<string, LoopReplay> _loops;
    private readonly McapMessages _messages;
    private readonly ReplayOptions _options;
    private readonly ReplayWatch? _watch;
    private readonly ReplayLog? _log;
    private readonly Stamp _from;

    /// <summary>Begins a pass.</summary>
    /// <param name="file">The recording.</param>
    /// <param name="loops">Its loops, made anew.</param>
    /// <param name="from">Where to begin: the time of a keyframe, or zero.</param>
    /// <param name="options">What the user wants.</param>
    /// <param name="watch">Shows what is run; null = nobody looks.</param>
    /// <param name="log">Records what is run; null = nobody does.</param>
    public ReplayPass(RecordingFile file, IReadOnlyList<LoopReplay> loops, Stamp from, ReplayOptions options, ReplayWatch? watch, ReplayLog? log)
    {
        _loops = loops.ToDictionary(l => l.Recorded.Name);
        _messages = file.Read(_loops.Keys, from, world: watch is not null || log is not null);
        _options = options;
        _watch = watch;
        _log = log;
        _from = from;
    }

    /// <summary>Gets the loops.</summary>
    public IReadOnlyCollection<LoopReplay> Loops => _loops.Values;

    /// <summary>Gets the logical time of the newest record.</summary>
    public Stamp Tag { get; private set; }

    /// <summary>Gets how many cycles were run.</summary>
    public long Cycles { get; private set; }

    /// <summary>Finds the next record.</summary>
    /// <returns>False at the end.</returns>
    public bool MoveNext()
    {
        if (_options.Cycles > 0 && _loops.Values.All(l => l.Cycles >= _options.Cycles)) return false;
        if (!_messages.MoveNext()) return false;
        Tag = new Stamp((long)_messages.Current.LogTimeNs);
        return true;
    }

    /// <summary>Runs the record that was found.</summary>
    /// <param name="show">Whether it is shown; on the way to a place that was asked for it is not.</param>
    /// <exception cref="InvalidDataException">It cannot be run.</exception>
    public void Run(bool show = true)
    {
        var message = _messages.Current;
        var bytes = message.Data.Span;
        var kind = RecordingFile.Kind(message);
        if (kind == RecordKind.Map)
        {
            _log?.Map(bytes);
            if (show) _watch?.Map(bytes);
            return;
        }
        if (!message.Channel.Metadata.TryGetValue("edge.loop", out string? name) || !_loops.TryGetValue(name, out var loop))
            throw new InvalidDataException($"channel '{message.Channel.Topic}' belongs to the loop '{name}', which has no cycles in it; the recording is damaged.");
        switch (kind)
        {
            case RecordKind.Keyframe:
                var keyframe = Keyframe.Parse(bytes);
                loop.OnKeyframe(keyframe);
                if (loop.IsReady) _log?.Keyframe(loop, keyframe.NextCycle, keyframe.Tag);
                break;
            case RecordKind.Gap:
                loop.OnGap(RecordGap.Read(bytes));
                break;
            // The cycle that a keyframe stands behind has its time, too.
            case RecordKind.Cycle when !loop.IsReady && _from != default && Tag <= _from: break;
            case RecordKind.Cycle when _options.Cycles > 0 && loop.Cycles >= _options.Cycles: break;
            case RecordKind.Cycle when loop.OnRecord(bytes):
                Cycles++;
                _log?.Cycle(loop.Recorded.Name, loop.Replayed);
                if (show) _watch?.Cycle(loop.Recorded.Name, loop.Replayed);
                break;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _messages.Dispose();
}
