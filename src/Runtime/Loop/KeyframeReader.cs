using System.Text;

namespace EdgeAutonomy.Runtime;

/// <summary>Reads what <see cref="KeyframeWriter"/> wrote, section by section, and refuses one that is not what this loop has in its place.</summary>
internal ref struct KeyframeReader
{
    private readonly string _loop;
    private readonly IReadOnlySet<string>? _fresh, _outside;
    private StateReader _reader;

    public KeyframeReader(string loop, ReadOnlySpan<byte> state, IReadOnlySet<string>? fresh, IReadOnlySet<string>? outside)
    {
        _loop = loop;
        _fresh = fresh;
        _outside = outside;
        _reader = new StateReader(state, $"Keyframe of loop '{loop}'");
    }

    public void Read(string kind, in KeyframePart part)
    {
        var bytes = Next(kind, part.Name, part.Type, out bool skip);
        if (!skip) part.Owner?.Thaw(bytes);
    }

    public void Read<T>(string kind, string name, ref T payload)
    {
        var bytes = Next(kind, name, KeyframePart.TypeOf<T>.Name, out bool skip);
        if (!skip && PayloadState.CanFreeze<T>()) PayloadState.Thaw(ref payload, bytes);
    }

    /// <summary>Returns the bytes of the section that must come next.</summary>
    /// <param name="kind">What it is, such as "stage".</param>
    /// <param name="name">Which one.</param>
    /// <param name="type">The class that wrote it, here.</param>
    /// <param name="skip">Whether its owner keeps the state it has.</param>
    public ReadOnlySpan<byte> Next(string kind, string name, string type, out bool skip)
    {
        string k = Text(), n = Text(), t = Text();
        // What the loop remembers of a stage from outside (kind "started") is the loop's own, and comes back.
        skip = _fresh is not null && (_fresh.Contains(name) || _fresh.Contains(kind)) || _outside is not null && kind is "stage" or "random" && _outside.Contains(name);
        // Another part in the same place: fine when the caller wants this one fresh and says so of both.
        if (k == kind && n != name && _fresh is not null && _fresh.Contains(n) && _fresh.Contains(name)) n = name;
        if (k != kind || n != name) throw new InvalidDataException($"Keyframe of loop '{_loop}': it has {k} '{n}' where this loop has {kind} '{name}'; replay it with the configuration it was recorded with.");
        if (!skip && t != type) throw new InvalidDataException($"Keyframe of loop '{_loop}': its {kind} '{name}' is {Kind(t)}, here it is {Kind(type)}; replay it with the configuration and version it was recorded with.");
        return _reader.ReadBytes();
    }

    public readonly void End() => _reader.End();

    private static string Kind(string type) => type.Length == 0 ? "absent or without state" : $"a {type}";

    private string Text()
    {
        Span<byte> text = stackalloc byte[_reader.Read<byte>()];
        foreach (ref byte b in text) b = _reader.Read<byte>();
        return Encoding.UTF8.GetString(text);
    }
}
