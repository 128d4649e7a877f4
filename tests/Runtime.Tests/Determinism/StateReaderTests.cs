using System.Buffers;

namespace EdgeAutonomy.Runtime.Tests;

public class StateReaderTests
{
    private delegate void Writing(StateWriter writer);

    private delegate void Reading(ref StateReader reader);

    [Fact]
    public void Read_EveryKindOfPart_GivesBackWhatWasWritten()
    {
        var stream = new RandomStream(3);
        stream.NextUInt64();
        byte[] state = Frozen(w =>
        {
            w.Write(-5L);
            w.Write(1.5f);
            w.Write(true);
            w.Write(false);
            w.Write(7);
            w.Write(64);
            w.Write(stream);
            w.WriteSpan<short>([1, -2, 3]);
            w.WriteSpan<float>([0.5f, -0f]);
            w.WriteSpan<long>([8, 9]);
            w.WriteSpan<byte>([4, 5]);
            w.WriteSpan<byte>([]);
        });
        var r = new StateReader(state, "Stage");
        Assert.Equal(-5L, r.Read<long>());
        Assert.Equal(1.5f, r.Read<float>());
        Assert.True(r.ReadBoolean());
        Assert.False(r.ReadBoolean());
        Assert.Equal(7, r.ReadInt32(7, 7));
        r.Expect(64, "width");
        var copy = new RandomStream(99);
        r.Read(copy);
        Assert.Equal(stream.NextUInt64(), copy.NextUInt64());
        var shorts = new short[3];
        r.ReadSpan(shorts.AsSpan());
        Assert.Equal([1, -2, 3], shorts);
        var floats = new float[2];
        r.ReadFinite(floats, "weights");
        Assert.Equal([0x3F000000, unchecked((int)0x80000000)], Array.ConvertAll(floats, BitConverter.SingleToInt32Bits));
        long[] longs = [1, 2, 3];
        Assert.Equal(2, r.ReadUpTo(longs.AsSpan()));
        Assert.Equal([8, 9, 3], longs);
        Assert.Equal([4, 5], r.ReadBytes().ToArray());
        Assert.Equal(0, r.ReadBytes().Length);
        r.Require(true, "nothing");
        r.End();
    }

    [Fact]
    public void Read_TruncatedAnywhere_IsRefused()
    {
        byte[] state = Frozen(w =>
        {
            w.Write(1);
            w.Write(true);
            w.Write(new RandomStream(1));
            w.WriteSpan<double>([1, 2]);
            w.WriteSpan<int>([1]);
            w.WriteSpan<float>([1]);
            w.WriteSpan<byte>([1, 2, 3]);
        });
        static void ReadAll(ref StateReader r)
        {
            r.ReadInt32(0, 1);
            r.ReadBoolean();
            r.Read(new RandomStream(2));
            r.ReadSpan(new double[2].AsSpan());
            r.ReadUpTo(new int[4].AsSpan());
            r.ReadFinite(new float[1], "weights");
            r.ReadBytes();
        }
        for (int cut = 0; cut < state.Length; cut++) Assert.Contains("early", Refusal(state[..cut], ReadAll), StringComparison.Ordinal);
        var whole = new StateReader(state, "Stage");
        ReadAll(ref whole);
        whole.End();
    }

    [Fact]
    public void Read_ForeignParts_NamesOwnerAndValue()
    {
        Holds(Refusal(Frozen(w => w.Write((byte)2)), (ref r) => r.ReadBoolean()), "2 for a flag");
        Holds(Refusal(Frozen(w => w.Write(8)), (ref r) => r.ReadInt32(0, 7)), "8 where [0, 7]");
        Holds(Refusal(Frozen(w => w.Write(-1)), (ref r) => r.ReadInt32(0, 7)), "-1 where [0, 7]");
        Holds(Refusal(Frozen(w => w.Write(32)), (ref r) => r.Expect(64, "width")), "width 32, this object has 64");
        Holds(Refusal(Frozen(w => w.WriteSpan<int>([1, 2])), (ref r) => r.ReadSpan(new int[3].AsSpan())), "2 elements where this object has 3");
        Holds(Refusal(Frozen(w => w.WriteSpan<int>([1, 2])), (ref r) => r.ReadUpTo(new int[1].AsSpan())), "2 where [0, 1]");
        Holds(Refusal(Frozen(w => w.Write(-1)), (ref r) => r.ReadUpTo(new int[1].AsSpan())), "-1 where [0, 1]");
        Holds(Refusal(Frozen(w => w.Write(-1)), (ref r) => r.ReadBytes()), "-1 where");
        Holds(Refusal(Frozen(w => w.WriteSpan<float>([1, float.NaN])), (ref r) => r.ReadFinite(new float[2], "weights")), "NaN in its weights");
        Holds(Refusal(Frozen(w => w.WriteSpan<float>([float.NegativeInfinity])), (ref r) => r.ReadFinite(new float[1], "weights")), "in its weights");
        Holds(Refusal(new byte[32], (ref r) => r.Read(new RandomStream(1))), "all zero");
        Holds(Refusal([], (ref r) => r.Require(false, "a pose")), "a pose that no run can have");
        Holds(Refusal([1, 2], (ref r) => r.End()), "2 bytes are left");
    }

    private static void Holds(string message, string part) => Assert.Contains(part, message, StringComparison.Ordinal);

    private static byte[] Frozen(Writing write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(new StateWriter(buffer));
        return buffer.WrittenSpan.ToArray();
    }

    private static string Refusal(byte[] state, Reading read)
    {
        string message = Assert.Throws<InvalidDataException>(() =>
        {
            var reader = new StateReader(state, "Stage");
            read(ref reader);
        }).Message;
        if (!message.StartsWith("Random stream", StringComparison.Ordinal)) Assert.StartsWith("Stage: ", message, StringComparison.Ordinal);
        return message;
    }
}
