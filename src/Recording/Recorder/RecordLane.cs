using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>A source of records: a bounded queue from one thread to the recorder, with what its records mean.</summary>
/// <remarks>The writing side never blocks, unless told to hold, and never allocates; whatever does not fit is counted.</remarks>
public abstract class RecordLane
{
    private readonly LaneOptions _options;
    private ulong _gapFirst;
    private bool _inGap, _requested;
    private bool _open = true;

    private protected RecordLane(string name, LaneOptions options, int bufferBytes)
    {
        Buffer = new CycleBuffer(bufferBytes);
        _options = options;
        Ring = new MessageRing($"{name}/records", options.RingBytes);
        Name = name;
    }

    /// <summary>Gets the name of the loop or source.</summary>
    public string Name { get; }

    /// <summary>Gets the queue; the recorder reads it.</summary>
    public MessageRing Ring { get; }

    /// <summary>Gets what must be known to read the records; null when they are not a loop's.</summary>
    public virtual LoopDescription? Loop => null;

    /// <summary>Gets or sets whether someone still reads the queue. Once nobody does, records are counted as dropped without being written, and nobody is held.</summary>
    public bool IsOpen { get => Volatile.Read(ref _open); set => Volatile.Write(ref _open, value); }

    /// <summary>Gets or sets whether a keyframe is wanted as soon as can be: a new file begins with one. Any thread.</summary>
    public bool KeyframeRequested { get => Volatile.Read(ref _requested); set => Volatile.Write(ref _requested, value); }

    private protected CycleBuffer Buffer { get; }

    /// <summary>Gets whether the newest cycles were dropped and nothing in the queue says so yet.</summary>
    private protected bool IsInGap => _inGap;

    private protected CycleBuffer GapBuffer { get; } = new(64);

    /// <summary>Writes what the buffer holds, or counts it.</summary>
    /// <returns>False when it was dropped.</returns>
    private protected bool Emit(RecordKind kind)
    {
        if (IsOpen && (Ring.TryWrite((int)kind, Buffer.Written) || (_options.OnFull == RecordFullPolicy.Hold && WaitAndWrite(kind)))) return true;
        Ring.CountDropped(Buffer.Count);
        return false;
    }

    /// <summary>Writes a cycle, after the gap in front of it if there is one.</summary>
    private protected bool EmitCycle(ulong cycleId, Stamp tag)
    {
        if (_inGap && !CloseGap(cycleId - 1, tag) || !Emit(RecordKind.Cycle))
        {
            if (!_inGap) _gapFirst = cycleId;
            _inGap = true;
            return false;
        }
        return true;
    }

    private bool CloseGap(ulong last, Stamp tag)
    {
        GapBuffer.Reset();
        new RecordGap(_gapFirst, last, tag.Nanoseconds).Write(GapBuffer);
        // Only with room for the cycle behind it: otherwise one hole would be told as many.
        if (!IsOpen || !Ring.HasRoom(RecordGap.Bytes, Buffer.Count) || !Ring.TryWrite((int)RecordKind.Gap, GapBuffer.Written))
        {
            Ring.CountDropped(Buffer.Count);
            return false;
        }
        _inGap = false;
        return true;
    }

    private bool WaitAndWrite(RecordKind kind)
    {
        if (Buffer.Count > Ring.MaxMessage) return false;
        var wait = new SpinWait();
        while (IsOpen)
        {
            if (Ring.TryWrite((int)kind, Buffer.Written)) return true;
            wait.SpinOnce();
        }
        return false;
    }
}
