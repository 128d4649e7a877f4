using System.Runtime.InteropServices;

namespace EdgeAutonomy.Host;

/// <summary>Asks whether files may be used, without opening them.</summary>
internal static partial class DeviceAccess
{
    private const int Write = 2, Read = 4;

    /// <summary>Returns whether this user may read and write a file or device.</summary>
    /// <remarks>Opening a serial port would be the other way to find out; it raises DTR, and many boards restart at that.</remarks>
    public static bool MayUse(string path) => access(path, Read | Write) == 0;

    /// <summary>Returns whether this user may write into a folder.</summary>
    public static bool MayWrite(string folder) => access(folder, Write) == 0;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int access(string path, int mode);
}
