namespace EdgeAutonomy.Recording;

/// <summary>Takes what leaves the loops: a file, a live view.</summary>
/// <remarks>Called on the recorder's thread only. An exception ends the consumer, never the recorder and never a loop.</remarks>
public interface IRecordConsumer
{
    /// <summary>Takes a record; its bytes are valid during the call only.</summary>
    void OnRecord(RecordLane lane, RecordKind kind, ReadOnlySpan<byte> record);

    /// <summary>Takes a sentence.</summary>
    void OnLog(in LogLine line);

    /// <summary>Called between batches and at least twenty times a second: the place for what depends on real time.</summary>
    void OnPause();

    /// <summary>Called once, when nothing more will come.</summary>
    void OnEnd();
}
