using System.Buffers;
using System.Text;

namespace EdgeAutonomy.Runtime;

/// <summary>Writes a keyframe as sections, each with what it is and how long, so that a mismatch is found and named.</summary>
/// <remarks>Kept by the loop, so that only the first keyframes of a run grow its buffer: they are written on the loop thread.</remarks>
internal sealed class KeyframeWriter
{
    private readonly ArrayBufferWriter<byte> _section = new(1 << 16);
    private IBufferWriter<byte> _target = null!;

    public void Begin(IBufferWriter<byte> target) => _target = target;

    public void Write(string kind, in KeyframePart part)
    {
        _section.ResetWrittenCount();
        part.Owner?.Freeze(_section);
        End(kind, part.Name, part.Type);
    }

    public void Write<T>(string kind, string name, in T payload)
    {
        _section.ResetWrittenCount();
        PayloadState.Freeze(payload, _section);
        End(kind, name, KeyframePart.TypeOf<T>.Name);
    }

    /// <summary>Gives a writer for a section made by hand; <see cref="End"/> closes it.</summary>
    public StateWriter Open()
    {
        _section.ResetWrittenCount();
        return new StateWriter(_section);
    }

    public void End(string kind, string name, string type)
    {
        Text(kind);
        Text(name);
        Text(type);
        new StateWriter(_target).WriteSpan(_section.WrittenSpan);
    }

    private void Text(string text)
    {
        var room = _target.GetSpan(1 + text.Length * 3);
        int bytes = Encoding.UTF8.GetBytes(text, room[1..]);
        room[0] = checked((byte)bytes);
        _target.Advance(1 + bytes);
    }
}
