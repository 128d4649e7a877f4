using System.Diagnostics;
using System.Globalization;

namespace EdgeAutonomy.Host;

/// <summary>A process that ends with this one, whatever becomes of this one: also when it is killed and can clean up nothing.</summary>
/// <remarks>
/// <para>A shell starts it and keeps a reader on a pipe that only this process writes to. The kernel closes the pipe when this process is gone, and the reader then kills
/// what was started, frozen or not. The same signal from the kernel (prctl, PR_SET_PDEATHSIG) can only be asked for between fork and exec, where no managed code runs.</para>
/// <para>Signals go to the program itself, not to the shell. Any thread.</para>
/// </remarks>
internal sealed class OwnedProcess : IDisposable
{
    private const int KillSignal = 9, Remembered = 20;

    // The first line out is the program's id. Ctrl-C goes to the terminal's whole group; where there is setsid (util-linux, busybox) the program is not in it, so that
    // robots can say goodbye to a broker that still runs.
    private const string Keeper = """
        trap '' INT
        exec 3<&0 </dev/null
        alone=
        [ -z "$1" ] || alone=$(command -v "$1") || alone=
        shift
        $alone "$@" 3<&- &
        p=$!
        echo $p
        { read -r _; kill -9 $p; } <&3 >/dev/null 2>&1 &
        g=$!
        exec 3<&-
        wait $p 2>/dev/null
        s=$?
        { kill -9 $g; wait $g; } >/dev/null 2>&1
        exit $s
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Process _keeper;
    private readonly Queue<string> _lines = new();
    private readonly TaskCompletionSource<int> _id = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts a program.</summary>
    /// <param name="program">Its file.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="say">Told each line that it writes to standard error; null = only <see cref="Said"/> keeps the last ones.</param>
    /// <param name="apart">Whether it gets a session of its own, out of reach of the terminal's Ctrl-C. Linux schedules sessions against each other (autogroups), so what is timed together must not be apart.</param>
    /// <exception cref="EdgeException">It cannot be started (74).</exception>
    public OwnedProcess(string program, IEnumerable<string> arguments, Action<string>? say = null, bool apart = true)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Keeper, "sh", apart ? "setsid" : "", program, .. arguments]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            _keeper = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new EdgeException(ExitCode.Io, $"{program} cannot be started by way of /bin/sh: {error.Message}", error);
        }
        _keeper.OutputDataReceived += (_, e) => Hear(e.Data);
        _keeper.ErrorDataReceived += (_, e) =>
        {
            if (string.IsNullOrEmpty(e.Data)) return;
            Keep(e.Data);
            say?.Invoke(e.Data);
        };
        _keeper.BeginOutputReadLine();
        _keeper.BeginErrorReadLine();
        if (_id.Task.Wait(Patience) && _id.Task.Result > 0)
        {
            Id = _id.Task.Result;
            return;
        }
        string said = Said;
        Dispose();
        throw new EdgeException(ExitCode.Io, $"{program} did not start: {said}");
    }

    /// <summary>Gets the program's process.</summary>
    public int Id { get; }

    /// <summary>Gets whether it has ended.</summary>
    public bool HasExited => _keeper.HasExited;

    /// <summary>Gets the last lines that it wrote.</summary>
    public string Said
    {
        get
        {
            lock (_lines) return string.Join(' ', _lines);
        }
    }

    /// <summary>Sends it a signal.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Signal(int signal) => !HasExited && SignalSender.Send(Id, signal) == 0;

    /// <summary>Ends it at once (SIGKILL) and waits until it is gone.</summary>
    public void Kill()
    {
        Signal(KillSignal);
        WaitForExit(Patience);
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Whether it ended in time.</returns>
    public bool WaitForExit(TimeSpan limit) => _keeper.WaitForExit(limit);

    /// <summary>Ends it, at once where it still runs.</summary>
    public void Dispose()
    {
        // Closes the pipe: what is left of it ends by the same way as if this process were gone.
        _keeper.StandardInput.Dispose();
        WaitForExit(Patience);
        _keeper.Dispose();
    }

    private void Hear(string? line)
    {
        if (_id.Task.IsCompleted)
        {
            if (!string.IsNullOrEmpty(line)) Keep(line);
        }
        else _id.TrySetResult(int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : 0);
    }

    private void Keep(string line)
    {
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > Remembered) _lines.Dequeue();
        }
    }
}
