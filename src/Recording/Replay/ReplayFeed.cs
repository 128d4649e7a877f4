using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>Gives a replaying loop what the recorded one got from outside: measured decisions, inbox, and through its stages sample, percept, decision.</summary>
/// <remarks>Load a record, then run the loop once. One thread. Does not allocate once the record buffer has grown.</remarks>
public sealed class ReplayFeed : IReplayFeed
{
    private readonly string _loop;
    private readonly LoopInput[] _inputs = new LoopInput[16];
    private byte[] _bytes = new byte[1 << 16];
    private MeasuredDecisions _measured;
    private int _length, _inputCount;
    private bool _used = true;

    /// <summary>Makes an empty feed.</summary>
    /// <param name="loop">The loop's name, for messages.</param>
    public ReplayFeed(string loop) => _loop = loop;

    /// <inheritdoc/>
    public ref readonly MeasuredDecisions Measured => ref _measured;

    /// <inheritdoc/>
    public ReadOnlySpan<LoopInput> Inputs => _inputs.AsSpan(0, _inputCount);

    /// <summary>Gets or sets whether the loop must keep to the recorded times, because its periods are not the recorded ones.</summary>
    public bool KeepTags { get; set; }

    /// <inheritdoc/>
    public Stamp? Tag => KeepTags ? Record.Tag : null;

    /// <summary>Gets the loaded record.</summary>
    public CycleRecord Record => CycleRecord.Parse(_bytes.AsSpan(0, _length));

    /// <summary>Takes a copy of the next record.</summary>
    /// <exception cref="InvalidDataException">The record is damaged.</exception>
    public void Load(ReadOnlySpan<byte> bytes)
    {
        var record = CycleRecord.Parse(bytes);
        if (bytes.Length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(bytes.Length, 2 * _bytes.Length));
        bytes.CopyTo(_bytes);
        _length = bytes.Length;
        _measured = record.Measured;
        _inputCount = 0;
        _used = false;
        if (!record.TrySection(SectionKind.Inputs, out var data)) return;
        var reader = new StateReader(data, "Inputs of a cycle record");
        int count = data.Length / LoopInput.FrozenBytes;
        for (; _inputCount < Math.Min(count, _inputs.Length); _inputCount++) _inputs[_inputCount] = LoopInput.Thaw(ref reader);
        reader.End();
    }

    /// <inheritdoc/>
    public void Next(ulong cycleId)
    {
        ulong recorded = _used ? 0 : Record.CycleId;
        if (_used || recorded != cycleId)
        {
            throw new InvalidDataException($"Replay of loop '{_loop}': it is at cycle {cycleId}, the recording gives {(_used ? "nothing more" : $"cycle {recorded}")}; begin at a keyframe, or at one behind the gap.");
        }
        _used = true;
    }

    /// <inheritdoc/>
    public int Quanta(int stage) => Record.Quanta(stage);
}
