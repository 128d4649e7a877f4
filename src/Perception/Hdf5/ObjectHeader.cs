namespace EdgeAutonomy.Perception;

/// <summary>The messages that describe one group or dataset; object header versions 1 and 2.</summary>
internal sealed class ObjectHeader
{
    private const int MessageCost = 48; // an entry in the list
    private readonly Hdf5Bytes _file;
    private readonly List<HeaderMessage> _messages = [];
    private readonly Queue<(long Address, long Length)> _blocks = [];
    private readonly HashSet<long> _seen = [];

    private ObjectHeader(Hdf5Bytes file, string path)
    {
        _file = file;
        Path = path;
    }

    public string Path { get; }

    public IReadOnlyList<HeaderMessage> Messages => _messages;

    public static ObjectHeader Read(Hdf5Bytes file, long address, string path)
    {
        var header = new ObjectHeader(file, path);
        var cursor = file.At(address, path, "object header");
        if (cursor.Left > 0 && file.Content[cursor.Offset] == 'O') header.ReadNew(cursor);
        else header.ReadOld(cursor, address);
        return header;
    }

    /// <summary>Opens the content of the first message of a type; false where there is none.</summary>
    public bool TryOpen(MessageType type, string what, out Hdf5Cursor cursor)
    {
        foreach (var message in _messages)
        {
            if (message.Type != type) continue;
            cursor = Open(message, what);
            return true;
        }
        cursor = default;
        return false;
    }

    public bool Has(MessageType type)
    {
        foreach (var message in _messages)
        {
            if (message.Type == type) return true;
        }
        return false;
    }

    public Hdf5Cursor Open(scoped in HeaderMessage message, string what)
    {
        var cursor = _file.At(message.Start, message.Length, Path, what);
        if (message.IsShared) throw cursor.Error("it is shared with other objects (a committed datatype), which is not supported; write the file again with plain types");
        _file.TakeWork(message.Length, Path, what);
        return cursor;
    }

    private void ReadOld(Hdf5Cursor cursor, long address)
    {
        cursor.ExpectVersion(1);
        cursor.Skip(1);
        int count = cursor.U16();
        cursor.Skip(4);
        long size = cursor.U32();
        Enqueue(address + 16, size, ref cursor);
        while (count > 0 && _blocks.TryDequeue(out var next))
        {
            var block = _file.At(next.Address, next.Length, Path, "object header block");
            for (; count > 0 && block.Left >= 8; count--)
            {
                var type = (MessageType)block.U16();
                int length = block.U16();
                byte flags = block.U8();
                block.Skip(3);
                Add(type, flags, length, ref block);
            }
        }
    }

    private void ReadNew(Hdf5Cursor cursor)
    {
        cursor.Expect("OHDR"u8);
        cursor.ExpectVersion(2);
        byte flags = cursor.U8();
        if ((flags & 0x20) != 0) cursor.Skip(4 * 4);
        if ((flags & 0x10) != 0) cursor.Skip(2 * 2);
        long size = cursor.Size(1 << (flags & 3));
        bool ordered = (flags & 4) != 0;
        var block = cursor.Part(size);
        cursor.ExpectChecksum();
        ReadMessages(ref block, ordered);
        while (_blocks.TryDequeue(out var next))
        {
            var all = _file.At(next.Address, next.Length, Path, "object header continuation");
            all.Expect("OCHK"u8);
            var inner = all.Part(Math.Max(0, next.Length - 8));
            all.ExpectChecksum();
            ReadMessages(ref inner, ordered);
        }
    }

    private void ReadMessages(ref Hdf5Cursor block, bool ordered)
    {
        int head = ordered ? 6 : 4;
        while (block.Left >= head) // a gap smaller than a message head may follow
        {
            var type = (MessageType)block.U8();
            int length = block.U16();
            byte flags = block.U8();
            if (ordered) block.Skip(2);
            Add(type, flags, length, ref block);
        }
    }

    private void Add(MessageType type, byte flags, int length, ref Hdf5Cursor block)
    {
        var message = new HeaderMessage(type, flags, block.Offset - _file.Base, length);
        _file.TakeWork(8, Path, "object header");
        var content = block.Part(length);
        if (type == MessageType.Nil) return;
        if (type == MessageType.Continuation)
        {
            long address = content.Address(), size = content.Size();
            Enqueue(address, size, ref content);
            return;
        }
        if (message.MustBeKnown && !Enum.IsDefined(type)) throw content.Error($"message type 0x{(int)type:X} is unknown, and the file says that it must be understood");
        _file.TakeMemory(MessageCost, Path, "object header");
        _messages.Add(message);
    }

    private void Enqueue(long address, long length, ref Hdf5Cursor cursor)
    {
        if (!_seen.Add(address)) throw cursor.Error($"its blocks form a circle: the one at address {address} comes twice");
        _file.TakeMemory(MessageCost, Path, "object header");
        _blocks.Enqueue((address, length));
    }
}
