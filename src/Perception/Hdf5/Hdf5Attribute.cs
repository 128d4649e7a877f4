namespace EdgeAutonomy.Perception;

/// <summary>A named value on a group or dataset.</summary>
/// <param name="File">The file.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">What its elements are.</param>
/// <param name="Space">Its extents.</param>
/// <param name="Start">Address of its elements.</param>
/// <param name="Path">The object that has it, and its name.</param>
internal sealed record Hdf5Attribute(Hdf5File File, string Name, Hdf5Type Type, Hdf5Space Space, long Start, string Path)
{
    /// <summary>Takes an attribute message, versions 1 to 3.</summary>
    public static Hdf5Attribute Read(Hdf5File file, ref Hdf5Cursor cursor)
    {
        int version = cursor.U8();
        if (version is < 1 or > 3) throw cursor.Error($"its version is {version}, must be 1, 2 or 3");
        int flags = cursor.U8(), nameBytes = cursor.U16(), typeBytes = cursor.U16(), spaceBytes = cursor.U16();
        if (version > 1 && (flags & 3) != 0) throw cursor.Error("its type or extents are shared with other objects, which is not supported");
        if (version == 3) cursor.Skip(1);
        int padding = version == 1 ? 7 : 0;
        var nameField = cursor.Part((nameBytes + padding) & ~padding);
        string name = nameField.Text(nameBytes).TrimEnd('\0');
        var typeField = cursor.Part((typeBytes + padding) & ~padding).As("datatype");
        var spaceField = cursor.Part((spaceBytes + padding) & ~padding).As("dataspace");
        var type = Hdf5Type.Read(ref typeField);
        var space = Hdf5Space.Read(ref spaceField);
        long start = cursor.Offset - file.Bytes.Base;
        file.Bytes.TakeMemory(160 + 8 * space.Shape.Length, cursor.Path, "attribute");
        cursor.Skip((long)type.Size * space.Count);
        return new Hdf5Attribute(file, name, type, space, start, cursor.Path);
    }

    /// <summary>Opens the elements.</summary>
    public Hdf5Elements Elements() => Hdf5Elements.InFile(File, Type, Space.Count, Start, Path);
}
