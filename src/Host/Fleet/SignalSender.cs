using System.Runtime.InteropServices;

namespace EdgeAutonomy.Host;

/// <summary>Sends signals to processes that this one started.</summary>
internal static partial class SignalSender
{
    /// <summary>Stops a process where it stands (SIGSTOP on Linux).</summary>
    public const int Freeze = 19;

    /// <summary>Lets it go on (SIGCONT on Linux).</summary>
    public const int Continue = 18;

    /// <summary>Asks it to end (SIGTERM).</summary>
    public const int Terminate = 15;

    /// <summary>Sends a signal.</summary>
    /// <returns>0, or −1 when there is no such process or it may not be sent.</returns>
    public static int Send(int process, int signal) => kill(process, signal);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);
}
