using System.Collections.Concurrent;

namespace EdgeAutonomy.Recording;

/// <summary>The recorder's thread: takes records from the lanes and gives them to the consumers, in the order of each lane.</summary>
/// <remarks>The loops never wait for it, unless their lane is told to hold. It polls, because waking it would cost the loop a system call per cycle.</remarks>
public sealed class RecordPump : IDisposable
{
    private const int BatchPerLane = 64, MaxLogLines = 1024;
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(2);

    private readonly RecordLane[] _lanes;
    private readonly List<IRecordConsumer> _consumers;
    private readonly Action<IRecordConsumer, Exception> _failed;
    private readonly ConcurrentQueue<LogLine> _log = new();
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private long _logDropped;
    private bool _disposed;

    /// <summary>Makes a recorder and starts its thread.</summary>
    /// <param name="lanes">Where records come from.</param>
    /// <param name="consumers">Where they go; told of the end.</param>
    /// <param name="failed">Told of a consumer that threw and takes part no longer; on the recorder's thread.</param>
    public RecordPump(IEnumerable<RecordLane> lanes, IEnumerable<IRecordConsumer> consumers, Action<IRecordConsumer, Exception> failed)
    {
        _lanes = [.. lanes];
        _consumers = [.. consumers];
        _failed = failed;
        _thread = new Thread(Run) { IsBackground = true, Name = "edge-recorder" };
        _thread.Start();
    }

    /// <summary>Gets how many sentences were dropped because too many came at once.</summary>
    public long LogDropped => Interlocked.Read(ref _logDropped);

    /// <summary>Adds a sentence. Any thread but a loop's.</summary>
    public void Log(in LogLine line)
    {
        if (_log.Count >= MaxLogLines) Interlocked.Increment(ref _logDropped);
        else _log.Enqueue(line);
    }

    /// <summary>Takes what is still in the lanes, closes the consumers and ends the thread.</summary>
    /// <remarks>End the loops first. Records that come later are counted as dropped.</remarks>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        while (!_stop.IsSet)
        {
            bool busy = Drain();
            Each(static c => c.OnPause());
            if (!busy) _stop.Wait(Idle);
        }
        foreach (var lane in _lanes) lane.IsOpen = false;
        while (Drain())
        {
            // Closed lanes take nothing more, so this ends.
        }
        Each(static c => c.OnEnd());
    }

    private bool Drain()
    {
        bool any = false;
        foreach (var lane in _lanes)
        {
            for (int i = 0; i < BatchPerLane && lane.Ring.TryPeek(out int kind, out var record); i++)
            {
                for (int k = _consumers.Count - 1; k >= 0; k--) Give(k, lane, (RecordKind)kind, record);
                lane.Ring.Advance();
                any = true;
            }
        }
        while (_log.TryDequeue(out var line)) Each(c => c.OnLog(line));
        return any;
    }

    private void Give(int consumer, RecordLane lane, RecordKind kind, ReadOnlySpan<byte> record)
    {
        try
        {
            _consumers[consumer].OnRecord(lane, kind, record);
        }
        catch (Exception error)
        {
            Drop(consumer, error);
        }
    }

    private void Each(Action<IRecordConsumer> action)
    {
        for (int k = _consumers.Count - 1; k >= 0; k--)
        {
            try
            {
                action(_consumers[k]);
            }
            catch (Exception error)
            {
                Drop(k, error);
            }
        }
    }

    private void Drop(int consumer, Exception error)
    {
        var broken = _consumers[consumer];
        _consumers.RemoveAt(consumer);
        _failed(broken, error);
    }
}
