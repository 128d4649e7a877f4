using System.Diagnostics;
using System.Globalization;

namespace EdgeAutonomy.Host;

/// <summary>The same measurement by a C program of ours on the same library: benchmarks/link-peer/roundtrip.c, compiled here.</summary>
internal sealed class LinkPeer : IDisposable
{
    private readonly string _folder;

    private LinkPeer(string folder) => _folder = folder;

    private string Program => Path.Combine(_folder, "roundtrip");

    /// <summary>Compiles it.</summary>
    /// <param name="fault">Why there is none.</param>
    /// <returns>Null where there is none.</returns>
    public static LinkPeer? TryBuild(out string fault)
    {
        string? source = Source();
        fault = "benchmarks/link-peer/roundtrip.c is not beside the program";
        if (source is null) return null;
        var peer = new LinkPeer(Directory.CreateTempSubdirectory("edge-bench-peer-").FullName);
        try
        {
            // The run-time package has no libmosquitto.so, hence the full name.
            peer.Run("cc", ["-O2", "-o", peer.Program, source, "-l:libmosquitto.so.1", "-lpthread"]);
            return peer;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            fault = $"no C compiler made it: {e.Message}";
            peer.Dispose();
            return null;
        }
    }

    /// <summary>Makes round trips.</summary>
    /// <returns>Nanoseconds of each.</returns>
    public long[] RoundTrips(Uri broker, int qos, int bytes, bool spin, int warm, int samples) =>
        [.. Run(Program, Arguments(broker, qos, bytes, spin, $"{warm}", samples)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => long.Parse(l, CultureInfo.InvariantCulture))];

    /// <summary>Lets messages flow.</summary>
    /// <returns>Messages per second.</returns>
    public double Flow(Uri broker, int qos, int bytes, bool spin, int messages) => double.Parse(Run(Program, Arguments(broker, qos, bytes, spin, "flow", messages)), CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string[] Arguments(Uri broker, int qos, int bytes, bool spin, string mode, int count) =>
        [broker.DnsSafeHost, $"{(broker.Port > 0 ? broker.Port : 1883)}", $"edge-bench/{Environment.ProcessId}/peer", $"{qos}", $"{bytes}", spin ? "spin" : "park", mode, $"{count}"];

    private static string? Source()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string file = Path.Combine(folder.FullName, "benchmarks", "link-peer", "roundtrip.c");
            if (File.Exists(file)) return file;
        }
        return null;
    }

    private string Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{Path.GetFileName(program)} ended with {process.ExitCode}: {error.Result.Trim()}");
    }
}
