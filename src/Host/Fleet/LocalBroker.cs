using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EdgeAutonomy.Host;

/// <summary>A mosquitto of our own on a free port of the loopback, with a folder of its own, that can be killed and started again.</summary>
/// <remarks>Where it keeps sessions and retained messages on disk, as a site's broker does, a kill rolls them back to its last save. It ends with this process, also when that is killed. Thread-safe.</remarks>
internal sealed class LocalBroker : IDisposable
{
    private const int Terminate = 15; // SIGTERM

    // On Debian not on everybody's path.
    private static readonly string[] Places = ["/usr/sbin", "/usr/local/sbin"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly string _program, _folder, _file;
    private readonly bool _apart;
    private OwnedProcess? _process;

    private LocalBroker(string program, string folder, bool keeps, bool apart)
    {
        (_program, _folder, _file, _apart) = (program, folder, Path.Combine(folder, "mosquitto.conf"), apart);
        string user = Environment.UserName == "root" ? "user root\n" : "";
        int port = FreePort();
        File.WriteAllText(_file, string.Create(
            CultureInfo.InvariantCulture,
            $"listener {port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n{(keeps ? $"persistence true\npersistence_location {folder}/\nautosave_interval 5\n" : "")}max_queued_messages 10000\n{user}log_type error\n"));
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"mqtt://127.0.0.1:{port}"));
        Start();
    }

    /// <summary>Gets where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Gets its process; 0 while it is killed.</summary>
    public int ProcessId
    {
        get
        {
            lock (_gate) return _process?.Id ?? 0;
        }
    }

    /// <summary>Starts one.</summary>
    /// <param name="folder">Where it keeps its files; made when it is missing.</param>
    /// <param name="keeps">Whether sessions and retained messages are kept on disk.</param>
    /// <param name="apart">Whether it has a session of its own (<see cref="OwnedProcess"/>).</param>
    /// <exception cref="EdgeException">There is no mosquitto here (66), or it does not start (74).</exception>
    public static LocalBroker Start(string folder, bool keeps = true, bool apart = true)
    {
        Directory.CreateDirectory(folder);
        if (Find() is { } program) return new LocalBroker(program, folder, keeps, apart);
        throw new EdgeException(ExitCode.InputMissing, "There is no mosquitto on this machine and no --broker is given; ./edge setup installs it (Debian package mosquitto), or name a broker, such as --broker mqtt://127.0.0.1:1883.");
    }

    /// <summary>Returns the program's file; null = it is not on this machine.</summary>
    [SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "PATH says where programs lie, and is no configuration of ours.")]
    public static string? Find()
    {
        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return path.Concat(Places).Select(p => Path.Combine(p, "mosquitto")).FirstOrDefault(File.Exists);
    }

    /// <summary>Ends it at once, as a power cut would: what it has not saved is lost.</summary>
    public void Kill()
    {
        lock (_gate)
        {
            _process?.Kill();
            Forget();
        }
    }

    /// <summary>Starts it again on the same port with what it has saved.</summary>
    public void Restart()
    {
        lock (_gate)
        {
            if (_process is null) Start();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_process is { HasExited: false } process)
            {
                process.Signal(Terminate);
                if (!process.WaitForExit(TimeSpan.FromSeconds(2))) process.Kill();
            }
            Forget();
        }
    }

    private void Start()
    {
        _process = new OwnedProcess(_program, ["-c", _file], apart: _apart);
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Patience && !_process.HasExited)
        {
            if (Listens()) return;
            Thread.Sleep(10);
        }
        string said = _process.HasExited ? _process.Said : "it does not listen";
        Forget();
        throw new EdgeException(ExitCode.Io, $"mosquitto did not start at {Address}: {said.Trim()}");
    }

    private bool Listens()
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, Address.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Forget()
    {
        _process?.Dispose();
        _process = null;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
