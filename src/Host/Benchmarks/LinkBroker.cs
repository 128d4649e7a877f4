using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EdgeAutonomy.Host;

/// <summary>A mosquitto on a free port of the loopback, with a folder of its own, for as long as a measurement takes.</summary>
internal sealed class LinkBroker : IDisposable
{
    // On Debian not on everybody's path.
    private static readonly string[] Programs = ["mosquitto", "/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"];

    private readonly Process _process;
    private readonly string _folder;

    private LinkBroker(Process process, string folder, int port) => (_process, _folder, Address) = (process, folder, new Uri($"mqtt://127.0.0.1:{port}"));

    /// <summary>Gets where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Starts one.</summary>
    /// <param name="fault">Why there is none, one sentence with the remedy.</param>
    /// <returns>Null where there is none.</returns>
    public static LinkBroker? TryStart(out string fault)
    {
        fault = "mosquitto was not found; ./edge setup installs it (Debian package mosquitto)";
        string folder = Directory.CreateTempSubdirectory("edge-bench-link-").FullName;
        foreach (string program in Programs)
        {
            int port = FreePort();
            string file = Path.Combine(folder, "mosquitto.conf");
            string user = Environment.UserName == "root" ? "user root\n" : "";
            File.WriteAllText(file, string.Create(CultureInfo.InvariantCulture, $"listener {port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\npersistence false\nmax_queued_messages 10000\n{user}log_type error\n"));
            var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(file);
            try
            {
                return new LinkBroker(Process.Start(start)!, folder, port);
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // Not there; the next one.
            }
        }
        Directory.Delete(folder, recursive: true);
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
