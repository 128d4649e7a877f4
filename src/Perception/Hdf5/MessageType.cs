namespace EdgeAutonomy.Perception;

/// <summary>The header messages that matter for reading (HDF5 format specification, IV.A.2).</summary>
internal enum MessageType : ushort
{
    Nil = 0x00,
    Dataspace = 0x01,
    LinkInfo = 0x02,
    Datatype = 0x03,
    OldFillValue = 0x04,
    FillValue = 0x05,
    Link = 0x06,
    ExternalFiles = 0x07,
    Layout = 0x08,
    GroupInfo = 0x0A,
    Filters = 0x0B,
    Attribute = 0x0C,
    Comment = 0x0D,
    Continuation = 0x10,
    SymbolTable = 0x11,
    ModificationTime = 0x12,
    AttributeInfo = 0x15,
    ReferenceCount = 0x16,
}
