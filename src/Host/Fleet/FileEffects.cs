using System.Globalization;

namespace EdgeAutonomy.Host;

/// <summary>Effects of a fleet of several processes: a file per task, one line for each time that it was done. The file is the resource: it refuses tokens smaller than the last one.</summary>
/// <remarks>A line counts with its end: it is written under the file's lock and kept before anybody is told, and what a process left that was killed in the middle of one is cut off. Thread-safe.</remarks>
/// <param name="folder">The folder, which all processes share.</param>
/// <param name="robot">Who does.</param>
internal sealed class FileEffects(string folder, string robot) : ITaskEffects
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public bool TryDo(string task, ulong token)
    {
        Directory.CreateDirectory(folder);
        using var file = Open(task);
        if (file is null) return false;
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        int whole = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        ulong seen = 0;
        foreach (string line in System.Text.Encoding.ASCII.GetString(bytes, 0, whole).Split('\n'))
        {
            if (ulong.TryParse(line.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong before)) seen = Math.Max(seen, before);
        }
        if (token != 0 && token < seen) return false;
        file.SetLength(whole);
        file.Seek(0, SeekOrigin.End);
        file.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{token} {robot}\n")));
        file.Flush(flushToDisk: true);
        return true;
    }

    /// <inheritdoc/>
    public bool WasDone(string task) => Times(task) > 0;

    /// <summary>Returns how often a task was done.</summary>
    public int Times(string task)
    {
        string path = PathOf(task);
        return File.Exists(path) ? File.ReadAllText(path).Count(c => c == '\n') : 0;
    }

    // Another robot may hold the lock for a moment; one that was killed holds none.
    private FileStream? Open(string task)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(PathOf(task), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (TimeProvider.System.GetElapsedTime(start) < Patience)
            {
                Thread.Sleep(5);
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    private string PathOf(string task) => Path.Combine(folder, task + ".done");
}
