using System.Buffers.Binary;
using System.Text;

namespace EdgeAutonomy.Agents;

/// <summary>Promises in one file: written beside it, synced, renamed over it, folder synced. A power cut leaves the old or the new promises.</summary>
/// <remarks>
/// <para>Little endian: "EAPROM01", count u32, then per promise key length u16, key, number u64, text length u16, text; last a 64-bit check sum of all before it.
/// The whole file is written each time: fleets promise some hundred things, and one sync costs more than the bytes.</para>
/// <para>A damaged file is set aside as <c>NAME.damaged</c> and the store is fresh: a robot that is not sure what it promised must not vote.</para>
/// </remarks>
public sealed class FilePromiseStore : IPromiseStore
{
    private const int MaxFile = 64 << 20;
    private readonly SortedDictionary<string, Promise> _kept = new(StringComparer.Ordinal);
    private readonly DurableFiles _files;
    private readonly string _path;

    /// <summary>Opens or begins a file.</summary>
    /// <param name="path">The file; its folder is made where it is missing.</param>
    /// <exception cref="IOException">The folder cannot be made or the file not read.</exception>
    public FilePromiseStore(string path) : this(path, null) { }

    internal FilePromiseStore(string path, Action<StoreStep, string>? onStep)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = Path.GetFullPath(path);
        _files = new DurableFiles(onStep);
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        IsFresh = true;
        if (!File.Exists(_path)) return;
        if (TryLoad())
        {
            IsFresh = false;
            return;
        }
        _kept.Clear();
        File.Move(_path, _path + ".damaged", overwrite: true);
        Damaged = true;
    }

    /// <inheritdoc/>
    public bool IsFresh { get; }

    /// <summary>Gets whether the file was damaged and set aside.</summary>
    public bool Damaged { get; }

    /// <inheritdoc/>
    public int Count => _kept.Count;

    /// <inheritdoc/>
    public long Failures { get; private set; }

    /// <inheritdoc/>
    public bool TryGet(string key, out Promise promise) => _kept.TryGetValue(key, out promise);

    /// <inheritdoc/>
    public bool TryPut(string key, Promise promise)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        bool had = _kept.TryGetValue(key, out var old);
        if (had && old == promise) return true;
        if (!had && _kept.Count >= IPromiseStore.Capacity)
        {
            Failures++;
            return false;
        }
        _kept[key] = promise;
        if (TrySave()) return true;
        Failures++;
        if (had) _kept[key] = old;
        else _kept.Remove(key);
        return false;
    }

    /// <inheritdoc/>
    public void Remove(string key)
    {
        if (_kept.Remove(key) && !TrySave()) Failures++;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Keys(string prefix) => PromiseKeys.Select(_kept, prefix);

    private bool TrySave()
    {
        try
        {
            _files.Write(_path, Encode());
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private byte[] Encode()
    {
        using var file = new MemoryStream();
        Span<byte> word = stackalloc byte[8];
        file.Write("EAPROM01"u8);
        BinaryPrimitives.WriteInt32LittleEndian(word, _kept.Count);
        file.Write(word[..4]);
        foreach (var (key, promise) in _kept)
        {
            WriteText(file, key);
            BinaryPrimitives.WriteUInt64LittleEndian(word, promise.Number);
            file.Write(word);
            WriteText(file, promise.Text);
        }
        BinaryPrimitives.WriteUInt64LittleEndian(word, Sum(file.GetBuffer().AsSpan(0, (int)file.Length)));
        file.Write(word);
        return file.ToArray();
    }

    private bool TryLoad()
    {
        if (new FileInfo(_path).Length > MaxFile) return false;
        ReadOnlySpan<byte> all = File.ReadAllBytes(_path);
        if (all.Length < 20 || !all.StartsWith("EAPROM01"u8)) return false;
        var body = all[..^8];
        if (BinaryPrimitives.ReadUInt64LittleEndian(all[^8..]) != Sum(body)) return false;
        int count = BinaryPrimitives.ReadInt32LittleEndian(body[8..]);
        var rest = body[12..];
        for (int i = 0; i < count; i++)
        {
            if (!TryText(ref rest, out string key) || rest.Length < 8) return false;
            ulong number = BinaryPrimitives.ReadUInt64LittleEndian(rest);
            rest = rest[8..];
            if (!TryText(ref rest, out string text)) return false;
            _kept[key] = new Promise(number, text);
        }
        return rest.IsEmpty;
    }

    private static ulong Sum(ReadOnlySpan<byte> bytes)
    {
        var hasher = new StateHasher(0x45415052);
        hasher.AddBytes(bytes);
        return hasher.Value;
    }

    private static void WriteText(MemoryStream file, string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, checked((ushort)utf8.Length));
        file.Write(length);
        file.Write(utf8);
    }

    private static bool TryText(ref ReadOnlySpan<byte> rest, out string text)
    {
        text = "";
        if (rest.Length < 2) return false;
        int length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
        if (rest.Length < 2 + length) return false;
        text = Encoding.UTF8.GetString(rest.Slice(2, length));
        rest = rest[(2 + length)..];
        return true;
    }
}
