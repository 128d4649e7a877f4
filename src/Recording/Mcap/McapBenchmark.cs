using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>Measures what writing messages into an MCAP file costs on this machine: into nothing, and into a temporary file.</summary>
/// <remarks>Each case runs twice on the calling thread and the second run counts, so that it is that of compiled code. A file's figure is that of the
/// system's cache plus, with <see cref="McapFigures.SyncSeconds"/> beside it, of the disk.</remarks>
public sealed class McapBenchmark(McapBenchmarkOptions? options = null)
{
    private readonly McapBenchmarkOptions _options = options ?? new McapBenchmarkOptions();

    /// <summary>Runs the three kinds of traffic into both targets.</summary>
    /// <exception cref="McapWriteException">The temporary file could not be written.</exception>
    public IReadOnlyList<McapFigures> Run()
    {
        (string Name, int Messages, int Bytes)[] cases = [("telemetry", 200_000, 300), ("small", 1_000_000, 64), ("frames", 16_000, 64 << 10)];
        var figures = new List<McapFigures>();
        foreach (var (name, messages, bytes) in cases)
        {
            int count = (int)Math.Max(1, messages * _options.Scale);
            Measure(name, "nothing", Stream.Null, count, bytes);
            figures.Add(Measure(name, "nothing", Stream.Null, count, bytes));
            figures.Add(MeasureFile(name, count, bytes));
        }
        return figures;
    }

    private McapFigures MeasureFile(string name, int messages, int bytes)
    {
        string path = Path.Combine(_options.Folder ?? Path.GetTempPath(), $"edge-bench-{Environment.ProcessId}.mcap");
        try
        {
            using (var file = File.Create(path, 1)) Measure(name, "file", file, Math.Max(1, messages / 4), bytes);
            using (var file = File.Create(path, 1)) return Measure(name, "file", file, messages, bytes);
        }
        catch (Exception e) when (e is (IOException or UnauthorizedAccessException) and not McapWriteException)
        {
            throw new McapWriteException(path, 0, e);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private McapFigures Measure(string name, string target, Stream stream, int messages, int bytes)
    {
        var clock = MonotonicMeasure.Instance;
        using var writer = new McapWriter(stream, new McapWriterOptions { Compression = _options.Compression }, target, leaveOpen: true);
        ushort channel = writer.AddChannel("/bench", "raw");
        var data = new byte[bytes];
        for (int i = 0; i < bytes; i++) data[i] = (byte)(i * 7);
        long allocated = GC.GetAllocatedBytesForCurrentThread(), start = clock.Now();
        for (int i = 0; i < messages; i++) writer.Write(channel, (uint)i, i, i, data);
        writer.FlushChunk();
        long written = clock.Now();
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        writer.Sync();
        long synced = clock.Now();
        double seconds = (written - start) * 1e-9;
        return new McapFigures(name, target, messages, bytes, messages / seconds, writer.Position / seconds, (synced - written) * 1e-9, (double)allocated / messages);
    }
}
