namespace EdgeAutonomy.Perception;

/// <summary>The checksum at the end of a chunk behind the fletcher32 filter: Fletcher's sums modulo 65535 over big-endian 16-bit words.</summary>
internal static class Fletcher32
{
    /// <summary>Returns the checksum; an odd last byte counts as the high half of a word.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint low = 0, high = 0;
        for (int i = 0; i < bytes.Length; i += 2)
        {
            low += (uint)(bytes[i] << 8) | (i + 1 < bytes.Length ? bytes[i + 1] : 0u);
            low = (low & 0xFFFF) + (low >> 16);
            high += low;
            high = (high & 0xFFFF) + (high >> 16);
        }
        return (Fold(high) << 16) | Fold(low);
    }

    // Writers before HDF5 1.6.3 on little-endian machines stored the bytes of both halves swapped; libraries accept both, and so do we.
    public static bool Matches(uint stored, ReadOnlySpan<byte> bytes)
    {
        uint sum = Of(bytes), swapped = ((sum & 0x00FF00FF) << 8) | ((sum >> 8) & 0x00FF00FF);
        return stored == sum || stored == swapped;
    }

    private static uint Fold(uint sum) => (sum & 0xFFFF) + (sum >> 16);
}
