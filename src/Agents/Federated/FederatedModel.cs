using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace EdgeAutonomy.Agents;

/// <summary>A model of a fleet: its head and its parameters. Immutable by agreement: nobody writes into the array.</summary>
public sealed class FederatedModel
{
    private static ReadOnlySpan<byte> Magic => "EAFEDM01"u8;

    internal FederatedModel(FederatedHead head, float[] parameters) => (Head, Parameters) = (head, parameters);

    /// <summary>Gets which one it is.</summary>
    public FederatedHead Head { get; }

    /// <summary>Gets the parameters.</summary>
    public ReadOnlyMemory<float> Values => Parameters;

    internal float[] Parameters { get; }

    /// <summary>Gets the parameters as little-endian bytes.</summary>
    internal ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes<float>(Parameters);

    /// <summary>Makes the model that robots are shipped with.</summary>
    /// <param name="parameters">Its parameters; copied.</param>
    /// <exception cref="ArgumentException">There are none or too many, or one is not finite.</exception>
    public static FederatedModel Shipped(ReadOnlySpan<float> parameters)
    {
        if (parameters.Length is < 1 or > TransferManifest.MaxBytes / sizeof(float)) throw new ArgumentException($"Federated model: {parameters.Length} parameters; must be 1 to {TransferManifest.MaxBytes / sizeof(float)}.", nameof(parameters));
        if (!IsFinite(parameters)) throw new ArgumentException("Federated model: a parameter is not finite; all must be.", nameof(parameters));
        float[] kept = parameters.ToArray();
        return new FederatedModel(new FederatedHead(0, 0, HashOf(kept), [], new Dictionary<string, uint>()), kept);
    }

    internal static string HashOf(ReadOnlySpan<float> parameters) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(parameters)));

    internal static bool IsFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value)) return false;
        }
        return true;
    }

    // Magic, length of the head u32, head, parameters; the head has the hash of these, and the store's own file the hash of all.
    internal byte[] ToBytes()
    {
        byte[] head = FederatedWire.WriteHead(Head);
        var all = new byte[Magic.Length + 4 + head.Length + Bytes.Length];
        Magic.CopyTo(all);
        BitConverter.TryWriteBytes(all.AsSpan(Magic.Length), head.Length);
        head.CopyTo(all.AsSpan(Magic.Length + 4));
        Bytes.CopyTo(all.AsSpan(Magic.Length + 4 + head.Length));
        return all;
    }

    internal static FederatedModel? TryRead(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Magic.Length + 4 || !bytes.StartsWith(Magic)) return null;
        int length = BitConverter.ToInt32(bytes[Magic.Length..]);
        var rest = bytes[(Magic.Length + 4)..];
        if (length < 1 || length > rest.Length || FederatedWire.ReadHead(rest[..length]) is not { } head) return null;
        rest = rest[length..];
        if (rest.Length < sizeof(float) || rest.Length % sizeof(float) != 0) return null;
        float[] parameters = MemoryMarshal.Cast<byte, float>(rest).ToArray();
        return IsFinite(parameters) && HashOf(parameters) == head.Sha256 ? new FederatedModel(head, parameters) : null;
    }
}
