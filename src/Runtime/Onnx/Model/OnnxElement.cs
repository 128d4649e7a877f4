namespace EdgeAutonomy.Runtime;

/// <summary>The kind of number in an ONNX tensor; the values are those of TensorProto.DataType.</summary>
/// <remarks>Other values may stand in a file; they are kept as they are, and an engine that cannot calculate with them says so.</remarks>
public enum OnnxElement
{
    /// <summary>Not stated.</summary>
    Undefined = 0,

    /// <summary>IEEE 754, 32 bit.</summary>
    F32 = 1,

    /// <summary>Unsigned, 8 bit.</summary>
    U8 = 2,

    /// <summary>Signed, 8 bit.</summary>
    I8 = 3,

    /// <summary>Signed, 32 bit.</summary>
    I32 = 6,

    /// <summary>Signed, 64 bit.</summary>
    I64 = 7,

    /// <summary>One byte, 0 or 1.</summary>
    Bool = 9,

    /// <summary>IEEE 754, 16 bit.</summary>
    F16 = 10,

    /// <summary>IEEE 754, 64 bit.</summary>
    F64 = 11,
}
