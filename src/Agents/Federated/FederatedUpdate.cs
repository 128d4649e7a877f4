using System.Runtime.InteropServices;
using System.Text;

namespace EdgeAutonomy.Agents;

/// <summary>What a robot has learned in a round.</summary>
/// <param name="Round">The round.</param>
/// <param name="BaseSha256">The model that it began from.</param>
/// <param name="Samples">How many samples it rests on.</param>
/// <param name="Change">The change of each parameter.</param>
internal sealed record FederatedUpdate(uint Round, string BaseSha256, int Samples, float[] Change)
{
    private const int HeadBytes = 4 + 4 + 64;

    public byte[] ToBytes()
    {
        var all = new byte[HeadBytes + sizeof(float) * Change.Length];
        BitConverter.TryWriteBytes(all, Round);
        BitConverter.TryWriteBytes(all.AsSpan(4), Samples);
        Encoding.ASCII.GetBytes(BaseSha256, all.AsSpan(8));
        MemoryMarshal.AsBytes<float>(Change).CopyTo(all.AsSpan(HeadBytes));
        return all;
    }

    public static FederatedUpdate? TryRead(ReadOnlySpan<byte> bytes, int length)
    {
        if (bytes.Length != HeadBytes + sizeof(float) * (long)length) return null;
        string hash = Encoding.ASCII.GetString(bytes.Slice(8, 64));
        int samples = BitConverter.ToInt32(bytes[4..]);
        return FederatedHead.IsHash(hash) && samples > 0 ? new FederatedUpdate(BitConverter.ToUInt32(bytes), hash, samples, MemoryMarshal.Cast<byte, float>(bytes[HeadBytes..]).ToArray()) : null;
    }
}
