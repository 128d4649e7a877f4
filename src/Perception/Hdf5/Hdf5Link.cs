namespace EdgeAutonomy.Perception;

/// <summary>An entry of a group.</summary>
/// <param name="Kind">0 hard, 1 soft, 64 external; only hard links can be followed.</param>
/// <param name="Address">The object header, for a hard link.</param>
internal readonly record struct Hdf5Link(int Kind, long Address)
{
    public const int Hard = 0, Soft = 1;

    /// <summary>Reads the content of a link message.</summary>
    public static (string Name, Hdf5Link Link) Read(ref Hdf5Cursor cursor)
    {
        cursor.ExpectVersion(1);
        byte flags = cursor.U8();
        int kind = (flags & 8) != 0 ? cursor.U8() : Hard;
        if ((flags & 4) != 0) cursor.Skip(8);
        if ((flags & 16) != 0) cursor.Skip(1);
        long length = cursor.Size(1 << (flags & 3));
        string name = cursor.Text(length);
        return (name, new Hdf5Link(kind, kind == Hard ? cursor.Address() : -1));
    }
}
