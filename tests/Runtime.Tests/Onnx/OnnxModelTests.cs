using System.Buffers.Binary;

namespace EdgeAutonomy.Runtime.Tests;

public class OnnxModelTests
{
    private static OnnxModel Small()
    {
        var g = new OnnxGraphBuilder("small");
        string x = g.Input("x", -1, 3);
        string h = g.Node("Gemm", [x, g.Constant([1f, 2, 3, 4, 5, 6], 3, 2), g.Constant([0.5f, -0.5f], 2)], OnnxAttribute.Of("alpha", 2f), OnnxAttribute.Of("transB", 0));
        h = g.Node("Reshape", [h, g.Constant(1L, -1L)]);
        g.Output(g.Node("Conv", [g.Node("Unsqueeze", [h, g.Constant(0L)]), g.Constant([1f, 1], 1, 1, 2)], OnnxAttribute.Of("pads", (long[])[0, 1]), OnnxAttribute.Of("auto_pad", "NOTSET")), "y", 1, 1, 2);
        return g.Build();
    }

    [Fact]
    public void Read_WhatWriteGave_IsTheSameModel()
    {
        var model = Small();
        byte[] bytes = model.Write();
        var back = OnnxModel.Read(bytes);
        Assert.Equal(bytes, back.Write());
        Assert.Equal(("small", 17L, 8L, "EdgeAutonomy"), (back.Name, back.Opset, back.IrVersion, back.Producer));
        Assert.Equal(["Gemm", "Reshape", "Unsqueeze", "Conv", "Identity"], back.Nodes.Select(n => n.OpType));
        Assert.Equal(2f, back.Nodes[0].Attribute("alpha")!.Number);
        Assert.Equal([0L, 1L], back.Nodes[3].Attribute("pads")!.Wholes);
        Assert.Equal("NOTSET", back.Nodes[3].Attribute("auto_pad")!.Text);
        Assert.Equal([1f, 2, 3, 4, 5, 6], back.Initializers[0].Singles.ToArray());
        Assert.Equal([1L, -1L], back.Initializers[2].Int64s.ToArray());
        Assert.Equal([-1L, 3L], back.Inputs[0].Shape);
    }

    [Fact]
    public void Read_TypedFieldsInsteadOfRawBytes_GivesTheSameNumbers()
    {
        // TensorProto by hand: dims packed (1), data_type (2), name (8), float_data packed (4) or int64_data packed (7); an unknown field 99 in between.
        byte[] floats = Tensor(1, 0x22, [.. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(-2f)]);
        byte[] longs = Tensor(7, 0x3A, [0x05, .. Enumerable.Repeat((byte)0xFF, 9), 0x01]); // 5 and -1
        byte[] model = Field(0x3A, [.. Field(0x2A, floats), .. Field(0x2A, longs)]).Concat(Field(0x42, [0x10, 13])).ToArray();
        var read = OnnxModel.Read(model);
        Assert.Equal([1.5f, -2f], read.Initializers[0].Singles.ToArray());
        Assert.Equal([5L, -1L], read.Initializers[1].Int64s.ToArray());
        Assert.Equal(13, read.Opset);

        static byte[] Tensor(byte type, byte tag, byte[] data) => [.. Field(0x0A, [2]), 0x10, type, .. Field(0x42, [(byte)'w']), 0x98, 0x06, 0x01, .. Field(tag, data)];
        static byte[] Field(byte tag, byte[] content) => [tag, (byte)content.Length, .. content];
    }

    [Fact]
    public void Read_CutAnywhere_IsRefusedOrWhole()
    {
        byte[] bytes = Small().Write();
        int refused = 0;
        for (int length = 0; length < bytes.Length; length++)
        {
            var error = Record.Exception(() => new ManagedEngine(OnnxModel.Read(bytes.AsSpan(0, length))));
            // The operator set stands last, so that nothing short of the whole file is a model.
            Assert.IsType<InvalidDataException>(error);
            if (error.Message.Contains("at byte", StringComparison.Ordinal)) refused++;
        }
        Assert.Equal(bytes.Length, refused);
    }

    [Fact]
    public void Read_BitsFlipped_GivesAModelOrOneKindOfError()
    {
        byte[] bytes = Small().Write();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < bytes.Length * 8; i++)
        {
            byte[] flipped = [.. bytes];
            flipped[i / 8] ^= (byte)(1 << (i % 8));
            Load(flipped);
        }
        // Pairs of flips reach deeper.
        var random = new RandomStream(3);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] flipped = [.. bytes];
            for (int k = 0; k < 3; k++) flipped[random.NextInt32(flipped.Length)] = (byte)random.NextUInt64();
            Load(flipped);
        }
        // 22,000 models of half a kilobyte; a single shape taken at its word could be 256 MB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8L << 30);

        static void Load(byte[] bytes)
        {
            try
            {
                using var engine = new ManagedEngine(OnnxModel.Read(bytes));
                if (engine.Inputs.Sum(t => (long)t.Count) + engine.Outputs.Sum(t => (long)t.Count) < 1000) engine.Run();
            }
            catch (Exception e) when (e is InvalidDataException or NotSupportedException)
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }

    [Fact]
    public void Read_RandomBytes_IsRefused()
    {
        var random = new RandomStream(4);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = new byte[random.NextInt32(64)];
            foreach (ref byte b in bytes.AsSpan()) b = (byte)random.NextUInt64();
            Assert.IsType<InvalidDataException>(Record.Exception(() => OnnxModel.Read(bytes)));
        }
    }

    [Fact]
    public void Read_MillionsOfEmptyNodes_IsRefusedBeforeTheyFillTheMemory()
    {
        byte[] nodes = new byte[4 << 20];
        for (int i = 0; i < nodes.Length; i += 2) nodes[i] = 0x0A;
        byte[] head = new byte[5];
        head[0] = 0x3A;
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(1), 0x02_80_80_80); // 4 MiB as a varint: 80 80 80 02
        Assert.Contains("more than", Assert.Throws<InvalidDataException>(() => OnnxModel.Read([.. head, .. nodes])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0x3A, 0x05, 0x00 }, "states 5 bytes where 1 are left")]
    [InlineData(new byte[] { 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F }, "more than 64 bits")]
    [InlineData(new byte[] { 0x0B }, "wire type 3")]
    [InlineData(new byte[] { 0x00 }, "field number 0")]
    [InlineData(new byte[] { 0x12, 0x01, 0xFF }, "not UTF-8")]
    [InlineData(new byte[] { 0x3A, 0x00 }, "operators is not stated")]
    [InlineData(new byte[] { }, "no graph")]
    public void Read_Malformed_SaysWhereAndWhat(byte[] bytes, string what)
    {
        string message = Assert.Throws<InvalidDataException>(() => OnnxModel.Read(bytes, "robot.onnx")).Message;
        Assert.StartsWith("robot.onnx: at byte ", message, StringComparison.Ordinal);
        Assert.Contains(what, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ShapeOfAnotherCount_Throws() => Assert.Throws<ArgumentException>(() => OnnxTensor.Of("w", (float[])[1, 2, 3], 2, 2));
}
