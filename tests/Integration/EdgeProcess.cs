using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace EdgeAutonomy.Integration;

/// <summary>The program in a process of its own, as a user or systemd runs it.</summary>
internal sealed partial class EdgeProcess : IDisposable
{
    public const int Interrupt = 2, Terminate = 15, Kill = 9, Freeze = 19; // SIGINT, SIGTERM, SIGKILL, SIGSTOP on Linux

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly BlockingCollection<string> _lines = [];
    private readonly ConcurrentQueue<string> _errors = new();

    public EdgeProcess(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "edge.dll"));
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) =>
        {
            if (e.Data is null) _lines.CompleteAdding();
            else _lines.Add(e.Data);
        };
        _process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data is not null) _errors.Enqueue(e.Data);
        };
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>All that came on standard error so far.</summary>
    public string Errors => string.Join('\n', _errors);

    public void Signal(int number) => Assert.Equal(0, SendSignal(_process.Id, number));

    public static void SignalTo(int process, int number) => Assert.Equal(0, SendSignal(process, number));

    public int WaitForExit(TimeSpan? patience = null)
    {
        Assert.True(_process.WaitForExit(patience ?? Patience), $"the process did not end within {patience ?? Patience}: {Errors}");
        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>Reads lines until one is a JSON object with this value of "event".</summary>
    public JsonElement WaitForEvent(string name)
    {
        var clock = Stopwatch.StartNew();
        while (_lines.TryTake(out string? line, Patience - clock.Elapsed is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero))
        {
            var json = JsonDocument.Parse(line).RootElement;
            if (json.GetProperty("event").GetString() == name) return json;
        }
        throw new InvalidOperationException($"no event '{name}' within {Patience}; standard error: {Errors}");
    }

    /// <summary>Returns the rest of standard output after the process has ended.</summary>
    public string RestOfOutput() => string.Join('\n', _lines.GetConsumingEnumerable());

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
        _lines.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
