namespace EdgeAutonomy.Runtime;

/// <summary>One input from outside: queued by any one thread, drained at the start of a cycle, recorded, applied there.</summary>
public struct LoopInput
{
    /// <summary>What it is.</summary>
    public LoopInputKind Kind;

    /// <summary>Its value; the meaning depends on the kind.</summary>
    public double Value;

    /// <summary>The sensing request of <see cref="LoopInputKind.Sensing"/>.</summary>
    public SensingRequest Request;

    /// <summary>When it arrived.</summary>
    public Stamp Arrived;

    /// <summary>Bytes that <see cref="Freeze"/> writes.</summary>
    public const int FrozenBytes = 1 + 8 + 80 + 8;

    /// <summary>Writes the input field by field.</summary>
    public readonly void Freeze(StateWriter writer)
    {
        writer.Write((byte)Kind);
        writer.Write(Value);
        writer.Write(Request);
        writer.Write(Arrived.Nanoseconds);
    }

    /// <summary>Reads what <see cref="Freeze"/> wrote.</summary>
    /// <exception cref="InvalidDataException">Bytes are missing.</exception>
    public static LoopInput Thaw(ref StateReader reader) => new()
    {
        Kind = (LoopInputKind)reader.Read<byte>(), Value = reader.Read<double>(), Request = reader.Read<SensingRequest>(), Arrived = new Stamp(reader.Read<long>()),
    };
}
