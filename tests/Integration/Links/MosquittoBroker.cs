using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Integration;

/// <summary>A real mosquitto of our own on a free port of the loopback, with a folder of its own.</summary>
internal sealed partial class MosquittoBroker : IDisposable
{
    private const int Terminate = 15; // SIGTERM

    // CONNECT of MQTT 5: clean start, keep-alive 10 s, no properties, client id "ready".
    private static readonly byte[] Connect = [0x10, 18, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 5, 2, 0, 10, 0, 0, 5, (byte)'r', (byte)'e', (byte)'a', (byte)'d', (byte)'y'];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string _file;
    private Process? _process;

    /// <param name="configure">Makes the configuration from the port and the folder; without user and log lines, which are added.</param>
    public MosquittoBroker(Func<int, string, string> configure)
    {
        Folder = Directory.CreateTempSubdirectory("edge-mosquitto-").FullName;
        _file = Path.Combine(Folder, "mosquitto.conf");
        for (int attempt = 1; ; attempt++)
        {
            Port = FreePort();
            // As root mosquitto gives its rights away and could not write into the folder any more.
            string user = Environment.UserName == "root" ? "user root\n" : "";
            File.WriteAllText(_file, $"{configure(Port, Folder)}\n{user}log_dest file {LogFile}\nlog_type all\nconnection_messages true\n");
            if (TryStart()) return;
            if (attempt == 5) throw new InvalidOperationException($"mosquitto did not start: {Log}");
        }
    }

    public string Folder { get; }

    public int Port { get; private set; }

    public Uri Address => new($"mqtt://127.0.0.1:{Port}");

    public string Log => File.Exists(LogFile) ? ReadShared(LogFile) : "";

    private string LogFile => Path.Combine(Folder, "m.log");

    /// <summary>An open broker, with the rights that <see cref="EdgeAutonomy.Tests.LinkSite"/> promises.</summary>
    /// <param name="more">More lines of its configuration; FOLDER stands for its folder.</param>
    public static MosquittoBroker Open(string more = "")
    {
        Require();
        return new((port, folder) => OpenConfiguration(port, folder, more));
    }

    /// <summary>A broker that refuses subscriptions below <c>refused/</c>. Only mosquitto's plugin for dynamic rules does that; its access file grants every subscription and then delivers nothing.</summary>
    public static MosquittoBroker Refusing()
    {
        Require();
        string? plugin = Directory.Exists("/usr/lib") ? Directory.EnumerateDirectories("/usr/lib").Append("/usr/lib").Select(d => Path.Combine(d, "mosquitto_dynamic_security.so")).FirstOrDefault(File.Exists) : null;
        Skip.If(plugin is null, "mosquitto_dynamic_security.so is absent; Debian's package mosquitto has it");
        return new((port, folder) =>
        {
            string rules = Path.Combine(folder, "rules.json");
            File.WriteAllText(rules, """
                {"defaultACLAccess":{"publishClientSend":true,"publishClientReceive":true,"subscribe":true,"unsubscribe":true},"clients":[],"anonymousGroup":"all","groups":[{"groupname":"all","roles":[{"rolename":"all"}]}],
                 "roles":[{"rolename":"all","acls":[{"acltype":"subscribePattern","topic":"refused/#","priority":1,"allow":false}]}]}
                """);
            return $"listener {port.ToString(CultureInfo.InvariantCulture)} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\npersistence false\nplugin {plugin}\nplugin_opt_config_file {rules}";
        });
    }

    private static string OpenConfiguration(int port, string folder, string more)
    {
        string acl = Path.Combine(folder, "acl");
        File.WriteAllText(acl, "topic readwrite t/#\ntopic write secret/#\n");
        return $"listener {port.ToString(CultureInfo.InvariantCulture)} 127.0.0.1\nallow_anonymous true\nacl_file {acl}\nset_tcp_nodelay true\npersistence false\nmax_queued_messages 10000\n{more.Replace("FOLDER", folder, StringComparison.Ordinal)}";
    }

    /// <summary>Finds mosquitto, or skips the test; /usr/sbin is not on everybody's path.</summary>
    public static string Require()
    {
        string? named = Environment.GetEnvironmentVariable("EDGEAUTONOMY_MOSQUITTO");
        string? found = (named is null ? [] : (string[])[named])
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Append("/usr/local/sbin").Select(d => Path.Combine(d, "mosquitto")))
            .FirstOrDefault(File.Exists);
        bool required = Environment.GetEnvironmentVariable("EDGEAUTONOMY_REQUIRE_BROKER") == "1";
        if (required) Assert.True(found is not null, "EDGEAUTONOMY_REQUIRE_BROKER is 1 and there is no mosquitto; install it with ./edge setup");
        Skip.If(found is null, "mosquitto is absent; ./edge setup installs it (Debian package mosquitto)");
        return found!;
    }

    public void Restart()
    {
        if (_process is null && !TryStart()) throw new InvalidOperationException($"mosquitto did not start again on port {Port}: {Log}");
    }

    /// <summary>Ends it as systemd would.</summary>
    public void Stop()
    {
        if (_process is not { } process) return;
        _ = SendSignal(process.Id, Terminate);
        if (!process.WaitForExit(TimeSpan.FromSeconds(2))) process.Kill();
        Forget();
    }

    /// <summary>Ends it as a power cut would.</summary>
    public void Kill()
    {
        _process?.Kill();
        Forget();
    }

    public void Dispose()
    {
        Stop();
        Directory.Delete(Folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private bool TryStart()
    {
        var start = new ProcessStartInfo(Require()) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string argument in (string[])["-c", _file]) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Patience && !_process.HasExited)
        {
            if (IsReady()) return true;
            Thread.Sleep(10);
        }
        if (!_process.HasExited) _process.Kill();
        Forget();
        return false;
    }

    /// <summary>Whether it answers: an open port alone is too early. An encrypted one answers a plain client by hanging up.</summary>
    private bool IsReady()
    {
        try
        {
            using var client = new TcpClient { ReceiveTimeout = 1000 };
            client.Connect(IPAddress.Loopback, Port);
            client.GetStream().Write(Connect);
            return client.GetStream().ReadByte() == 0x20 || File.ReadAllText(_file).Contains("cafile", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return e is IOException && File.ReadAllText(_file).Contains("cafile", StringComparison.Ordinal);
        }
    }

    private void Forget()
    {
        _process?.WaitForExit();
        _process?.Dispose();
        _process = null;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
