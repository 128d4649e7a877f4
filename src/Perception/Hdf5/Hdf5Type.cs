namespace EdgeAutonomy.Perception;

/// <summary>What the elements of a dataset or attribute are.</summary>
/// <param name="Class">The kind.</param>
/// <param name="Size">Bytes of one element in the file.</param>
/// <param name="IsSigned">For whole numbers.</param>
/// <param name="IsBigEndian">For numbers.</param>
/// <param name="IsEnumeration">Whether the whole numbers have names; h5py stores bool so.</param>
/// <param name="Padding">For fixed texts: 0 ends at a NUL, 1 NULs follow, 2 spaces follow.</param>
/// <param name="Element">For sequences: what they list.</param>
/// <param name="Description">The kind in words, for errors.</param>
internal sealed record Hdf5Type(Hdf5TypeClass Class, int Size, bool IsSigned, bool IsBigEndian, bool IsEnumeration, int Padding, Hdf5Type? Element, string Description)
{
    // Array of enumeration of integer is the deepest that occurs; a file may claim any depth.
    private const int MaxDepth = 8;

    public static Hdf5Type Read(ref Hdf5Cursor cursor, int depth = 0)
    {
        if (depth > MaxDepth) throw cursor.Error($"types are nested deeper than {MaxDepth}");
        int head = cursor.U8(), kind = head & 15, version = head >> 4;
        if (version is < 1 or > 5) throw cursor.Error($"the version of a type is {version}, must be 1 to 5");
        int bits = (int)cursor.UInt(3);
        long size = cursor.U32();
        if (size is 0 or > int.MaxValue) throw cursor.Error($"the size of a type is {size} bytes, must be 1 to {int.MaxValue}");
        return kind switch
        {
            0 => Integer(ref cursor, bits, (int)size),
            1 => Float(ref cursor, bits, (int)size),
            3 => new Hdf5Type(Hdf5TypeClass.FixedText, (int)size, false, false, false, bits & 15, null, $"text of {size} bytes"),
            8 => Enumeration(ref cursor, (int)size, depth),
            9 => VariableLength(ref cursor, bits, (int)size, depth),
            _ => Unknown(kind, (int)size),
        };
    }

    private static Hdf5Type Integer(ref Hdf5Cursor cursor, int bits, int size)
    {
        int offset = cursor.U16(), precision = cursor.U16();
        if (offset != 0 || precision != 8 * size || size is not (1 or 2 or 4 or 8)) return Other(size, $"integer of {precision} bits at bit {offset} of {size} bytes");
        bool signed = (bits & 8) != 0;
        return new Hdf5Type(Hdf5TypeClass.Integer, size, signed, (bits & 1) != 0, false, 0, null, $"{(signed ? "int" : "uint")}{precision}");
    }

    private static Hdf5Type Float(ref Hdf5Cursor cursor, int bits, int size)
    {
        int offset = cursor.U16(), precision = cursor.U16();
        int exponentAt = cursor.U8(), exponent = cursor.U8(), mantissaAt = cursor.U8(), mantissa = cursor.U8();
        uint bias = cursor.U32();
        // bfloat16 and the VAX formats also have 2, 4 or 8 bytes: the layout decides, not the size.
        var ieee = size switch { 2 => (10, 5, 15u), 4 => (23, 8, 127u), 8 => (52, 11, 1023u), _ => (-1, 0, 0u) };
        bool isIeee = ieee == (mantissa, exponent, bias) && offset == 0 && precision == 8 * size && mantissaAt == 0 && exponentAt == mantissa
            && (bits >> 8) == precision - 1 && (bits & 0x70) == 0x20 && (bits & 0x40) == 0;
        return isIeee
            ? new Hdf5Type(Hdf5TypeClass.Float, size, true, (bits & 1) != 0, false, 0, null, $"float{precision}")
            : Other(size, $"{size}-byte float with {exponent} bits of exponent and {mantissa} of mantissa");
    }

    private static Hdf5Type Enumeration(ref Hdf5Cursor cursor, int size, int depth)
    {
        var type = Read(ref cursor, depth + 1); // the names and values that follow are not needed
        if (type.Class != Hdf5TypeClass.Integer || type.Size != size) throw cursor.Error($"an enumeration of {size} bytes is based on {type.Description}");
        return type with { IsEnumeration = true, Description = $"enumeration over {type.Description}" };
    }

    private static Hdf5Type VariableLength(ref Hdf5Cursor cursor, int bits, int size, int depth)
    {
        if (size != GlobalHeap.ReferenceBytes) throw cursor.Error($"a variable-length type has {size} bytes, must have {GlobalHeap.ReferenceBytes}");
        var element = Read(ref cursor, depth + 1);
        return (bits & 15) switch
        {
            1 => new Hdf5Type(Hdf5TypeClass.Text, size, false, false, false, 0, null, "text"),
            0 when element.Class is Hdf5TypeClass.Integer or Hdf5TypeClass.Float => new Hdf5Type(Hdf5TypeClass.Sequence, size, false, false, false, 0, element, $"sequence of {element.Description}"),
            _ => Other(size, $"variable-length list of {element.Description}"),
        };
    }

    private static Hdf5Type Unknown(int kind, int size) => Other(size, kind switch
    {
        2 => "time",
        4 => "bit field",
        5 => "opaque",
        6 => "compound",
        7 => "reference",
        10 => "array",
        11 => "complex",
        _ => $"type of class {kind}",
    });

    private static Hdf5Type Other(int size, string description) => new(Hdf5TypeClass.Other, size, false, false, false, 0, null, description);
}
