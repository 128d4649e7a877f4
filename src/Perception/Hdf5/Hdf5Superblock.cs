namespace EdgeAutonomy.Perception;

/// <summary>Finds the entrance of an HDF5 file: superblock versions 0 to 3.</summary>
internal static class Hdf5Superblock
{
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Returns the address of the root group's object header.</summary>
    public static long ReadRoot(Hdf5Bytes file)
    {
        file.Base = Locate(file);
        var cursor = file.At(0, "", "superblock");
        cursor.Skip(Signature.Length);
        int version = cursor.U8();
        return version switch
        {
            0 or 1 => ReadOld(ref cursor, version),
            2 or 3 => ReadNew(ref cursor),
            _ => throw cursor.Error($"its version is {version}, must be 0, 1, 2 or 3"),
        };
    }

    // A user block puts the superblock at 512, 1024, 2048 …; addresses count from there.
    private static int Locate(Hdf5Bytes file)
    {
        byte[] content = file.Content;
        for (long at = 0; at + Signature.Length <= content.Length; at = at == 0 ? 512 : 2 * at)
        {
            if (content.AsSpan((int)at, Signature.Length).SequenceEqual(Signature)) return (int)at;
        }
        throw file.Error("", 0, content.Length == 0
            ? "the file is empty, an HDF5 file begins with its signature."
            : $"this is not an HDF5 file: none of the places where a superblock can be holds the signature; the file begins with {Convert.ToHexString(content.AsSpan(0, Math.Min(8, content.Length)))}.");
    }

    private static long ReadOld(ref Hdf5Cursor cursor, int version)
    {
        cursor.Skip(4);
        ExpectWidths(ref cursor);
        cursor.Skip(1 + 2 + 2 + 4 + (version == 1 ? 4 : 0));
        cursor.Skip(8 + 8);
        ExpectEnd(ref cursor);
        cursor.Skip(8);
        cursor.Skip(8);
        return cursor.Address();
    }

    private static long ReadNew(ref Hdf5Cursor cursor)
    {
        ExpectWidths(ref cursor);
        cursor.Skip(1 + 8 + 8);
        ExpectEnd(ref cursor);
        long root = cursor.Address();
        cursor.ExpectChecksum();
        return root;
    }

    private static void ExpectWidths(ref Hdf5Cursor cursor)
    {
        int address = cursor.U8(), size = cursor.U8();
        if (address != 8 || size != 8) throw cursor.Error($"addresses have {address} and sizes {size} bytes, only 8 and 8 are supported; write the file again with default properties");
    }

    // The end counts from the start of the file, user block included. A longer file is harmless, a shorter one is cut.
    private static void ExpectEnd(ref Hdf5Cursor cursor)
    {
        long end = cursor.Address();
        if (end > cursor.File.Content.Length) throw cursor.Error($"the file should have {end} bytes, but has {cursor.File.Content.Length}; it is cut");
    }
}
