using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Host;

/// <summary>How well the kernel thinks that its wall clock is set (adjtimex(2)); reading needs no rights.</summary>
/// <param name="IsSynchronised">Whether something keeps it right.</param>
/// <param name="OffsetSeconds">What is still to be corrected.</param>
/// <param name="MaxErrorSeconds">The most that it may be wrong.</param>
internal sealed partial record KernelClock(bool IsSynchronised, double OffsetSeconds, double MaxErrorSeconds)
{
    // struct timex of 64-bit Linux: modes @0, offset @8, maxerror @24, status @40; 208 bytes.
    private const int Size = 208, OffsetAt = 8, MaxErrorAt = 24, StatusAt = 40, Unsynchronised = 0x40, InNanoseconds = 0x2000, StateError = 5;

    /// <summary>Reads it; null where it is not told.</summary>
    public static KernelClock? Read()
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess) return null;
        byte[] timex = new byte[Size];
        int state = adjtimex(timex);
        if (state < 0) return null;
        int status = BinaryPrimitives.ReadInt32LittleEndian(timex.AsSpan(StatusAt));
        double unit = (status & InNanoseconds) != 0 ? 1e-9 : 1e-6;
        return new KernelClock(state != StateError && (status & Unsynchronised) == 0, BinaryPrimitives.ReadInt64LittleEndian(timex.AsSpan(OffsetAt)) * unit, BinaryPrimitives.ReadInt64LittleEndian(timex.AsSpan(MaxErrorAt)) * 1e-6);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int adjtimex(byte[] buffer);
}
