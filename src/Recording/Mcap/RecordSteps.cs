using System.Buffers.Binary;

namespace EdgeAutonomy.Recording;

/// <summary>Steps over the records in a piece of memory: the records of a chunk, or a run of records outside chunks.</summary>
internal struct RecordSteps(int start = 0)
{
    private int _next = start;

    public McapOpcode Opcode { get; private set; }

    /// <summary>Where the record starts.</summary>
    public int Offset { get; private set; } = start;

    /// <summary>Bytes of its content.</summary>
    public int Length { get; private set; }

    public readonly int Content => Offset + McapLayout.Prefix;

    /// <summary>Goes to the next record; false at the end.</summary>
    /// <exception cref="McapException">What is left is no record.</exception>
    public bool MoveNext(ReadOnlySpan<byte> records, string file, long chunk)
    {
        Offset = _next;
        int left = records.Length - Offset;
        if (left == 0) return false;
        if (left < McapLayout.Prefix) throw new RecordPlace(file, McapOpcode.Invalid, Offset, chunk).Error($"{left} bytes are left over, a record has {McapLayout.Prefix} at least.");
        Opcode = (McapOpcode)records[Offset];
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(records[(Offset + 1)..]);
        if (length > (ulong)(left - McapLayout.Prefix)) throw new RecordPlace(file, Opcode, Offset, chunk).Error($"its length is {length}, {left - McapLayout.Prefix} bytes are left.");
        Length = (int)length;
        _next = Offset + McapLayout.Prefix + Length;
        return true;
    }
}
