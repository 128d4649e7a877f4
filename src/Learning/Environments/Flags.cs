using System.Runtime.InteropServices;

namespace EdgeAutonomy.Learning;

/// <summary>Reads flags from frozen state.</summary>
internal static class Flags
{
    /// <summary>Reads as many flags as the span holds; a byte that is neither 0 nor 1 would be set and yet not equal to true, so it is refused.</summary>
    public static void Read(ref StateReader r, bool[] flags, string name)
    {
        var bytes = MemoryMarshal.AsBytes(flags.AsSpan());
        r.ReadSpan(bytes);
        bool possible = !bytes.ContainsAnyInRange((byte)2, byte.MaxValue);
        if (!possible) bytes.Clear();
        r.Require(possible, name);
    }
}
