using System.Runtime.InteropServices;

namespace EdgeAutonomy.Agents;

/// <summary>A second descriptor of the library's socket, with which the connection can be cut at any moment.</summary>
/// <remarks>
/// The library's own descriptor may be closed by its thread just before we use it, and its number be another file's by then; a duplicate is ours.
/// It is made before the library's thread starts, and let go when the connection is lost, since a socket ends only with its last descriptor.
/// </remarks>
internal sealed partial class SocketHold : IDisposable
{
    private const int BothWays = 2; // SHUT_RDWR
    private readonly Lock _gate = new();
    private int _descriptor;

    public SocketHold(int socket) => _descriptor = socket >= 0 && !OperatingSystem.IsWindows() ? Duplicate(socket) : -1;

    /// <summary>Ends the connection as a pulled cable would, without a word to the broker.</summary>
    /// <returns>False where there is no descriptor.</returns>
    public bool TryCut()
    {
        lock (_gate) return _descriptor >= 0 && Shutdown(_descriptor, BothWays) == 0;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_descriptor >= 0) _ = Close(_descriptor);
            _descriptor = -1;
        }
    }

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "shutdown")]
    private static partial int Shutdown(int descriptor, int how);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
