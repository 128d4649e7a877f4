using System.Buffers.Binary;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Perception.Tests;

/// <summary>Damaged and hostile files: one documented exception, no hang, no allocation out of proportion.</summary>
public class NirFuzzTests
{
    // Besides what is paid for: the exception and its stack trace, the graph's own lists, zlib.
    private const long Slack = 1 << 20;

    private static readonly string[] Names =
    [
        "lif_norse.nir", "two_lif_neurons.nir", "braille_noDelay_bias_zero.nir", "braille_noDelay_noBias_subtract_subgraph.nir",
        "derived/lif_v108.nir", "derived/braille_gzip.nir", "derived/cnn_v108.nir",
    ];

    [SkippableFact]
    public void Read_CutAtEvery64thByte_ThrowsOneException()
    {
        foreach (string name in Names)
        {
            byte[] whole = Load(name);
            for (int length = 0; length < whole.Length; length += 64)
            {
                // Every one of these files states its length, so that none may be cut unnoticed.
                Assert.False(Read(whole[..length]), $"{name} cut at {length}");
            }
        }
    }

    [SkippableFact]
    public void Read_CutButLengthPatched_ThrowsOneException()
    {
        foreach (string name in Names)
        {
            byte[] whole = Load(name);
            if (whole[8] != 0) continue; // superblock 0 has no checksum
            for (int length = 128; length < whole.Length; length += 64)
            {
                byte[] cut = whole[..length];
                BinaryPrimitives.WriteInt64LittleEndian(cut.AsSpan(40), length);
                Read(cut);
            }
        }
    }

    [SkippableFact]
    public void Read_FlippedBits_ThrowsOneExceptionOrReads()
    {
        var random = new RandomStream(11);
        int refused = 0, runs = 0;
        foreach (string name in Names)
        {
            byte[] whole = Load(name);
            for (int run = 0; run < 700; run++)
            {
                byte[] damaged = (byte[])whole.Clone();
                for (int flips = 1 + random.NextInt32(run % 4 == 0 ? 64 : 4); flips > 0; flips--)
                {
                    // Half of them where the tables are, not in the numbers.
                    int at = random.NextInt32(2) == 0 ? random.NextInt32(damaged.Length) : random.NextInt32(Math.Min(4096, damaged.Length));
                    damaged[at] ^= (byte)(1 << random.NextInt32(8));
                }
                runs++;
                if (!Read(damaged)) refused++;
            }
        }
        Assert.InRange(refused, runs / 20, runs - 1);
    }

    [SkippableFact]
    public void Read_AbsurdWords_ThrowsOneExceptionOrReads()
    {
        var random = new RandomStream(12);
        ulong[] absurd = [ulong.MaxValue, ulong.MaxValue - 1, long.MaxValue, 1UL << 62, 1UL << 40, int.MaxValue, uint.MaxValue, 0, 1, 0xFFFF];
        foreach (string name in Names)
        {
            byte[] whole = Load(name);
            for (int run = 0; run < 600; run++)
            {
                byte[] damaged = (byte[])whole.Clone();
                int at = 8 * random.NextInt32(run % 2 == 0 ? damaged.Length / 8 : Math.Min(1024, damaged.Length / 8));
                // A word of nonsense, or another place of the same file: addresses that lead in circles.
                ulong word = run % 3 == 0 ? (ulong)(8 * random.NextInt32(damaged.Length / 8)) : absurd[random.NextInt32(absurd.Length)];
                if (run % 5 == 0) BinaryPrimitives.WriteUInt32LittleEndian(damaged.AsSpan(at), (uint)word);
                else BinaryPrimitives.WriteUInt64LittleEndian(damaged.AsSpan(at), word);
                Read(damaged);
            }
        }
    }

    /// <summary>Checksums stop most damage at the door; here every one is made right again after the damage, so that what lies behind is reached.</summary>
    [SkippableFact]
    public void Read_DamageWithChecksumsMadeRight_ThrowsOneExceptionOrReads()
    {
        var random = new RandomStream(13);
        foreach (string name in new[] { "derived/lif_v108.nir", "derived/cnn_v108.nir" })
        {
            byte[] whole = Load(name);
            var blocks = ChecksummedBlocks(whole);
            Assert.True(blocks.Count > 5, $"{name} has {blocks.Count} blocks with checksums");
            int passed = 0;
            for (int run = 0; run < 2000; run++)
            {
                byte[] damaged = (byte[])whole.Clone();
                var (start, end) = blocks[random.NextInt32(blocks.Count)];
                int at = start + random.NextInt32(end - start);
                if (run % 2 == 0) damaged[at] ^= (byte)(1 << random.NextInt32(8));
                else damaged.AsSpan(at, Math.Min(8, end - at)).Fill((byte)(random.NextInt32(2) == 0 ? 255 : 0));
                BinaryPrimitives.WriteUInt32LittleEndian(damaged.AsSpan(end), Lookup3.Of(damaged.AsSpan(start, end - start)));
                if (Read(damaged)) passed++;
            }
            Assert.InRange(passed, 1, 1900);
        }
    }

    [SkippableFact]
    public void Walk_DamagedHeapAndTree_ThrowsOneExceptionOrReads()
    {
        var random = new RandomStream(16);
        byte[] whole = Load("derived/many-links-v108.h5");
        var blocks = ChecksummedBlocks(whole).Where(b => whole[b.Start] is (byte)'B' or (byte)'F').ToList(); // B-tree v2 and fractal heap
        Assert.True(blocks.Count >= 5, $"{blocks.Count} blocks");
        int passed = 0;
        for (int run = 0; run < 6000; run++)
        {
            byte[] damaged = (byte[])whole.Clone();
            var (start, end) = blocks[random.NextInt32(blocks.Count)];
            int at = start + 4 + random.NextInt32(end - start - 4), other = 8 * random.NextInt32(whole.Length / 8);
            switch (run % 3)
            {
                case 0:
                    damaged[at] ^= (byte)(1 << random.NextInt32(8));
                    break;
                case 1:
                    damaged.AsSpan(at, Math.Min(8, end - at)).Fill((byte)(run % 2 == 0 ? 255 : 0));
                    break;
                default:
                    BinaryPrimitives.WriteInt64LittleEndian(damaged.AsSpan(Math.Min(at, end - 8)), run % 2 == 0 ? other : start);
                    break;
            }
            BinaryPrimitives.WriteUInt32LittleEndian(damaged.AsSpan(end), Lookup3.Of(damaged.AsSpan(start, end - start)));
            if (Walk(damaged)) passed++;
        }
        Assert.InRange(passed, 1, 5900);
    }

    [Fact]
    public void Read_ManySmallNodes_StaysWithinTheBound()
    {
        var shape = new NirGroup(new Dictionary<string, NirValue> { ["shape"] = NirArray.Vector(2, 3) });
        var graph = new NirGraph([.. Enumerable.Range(0, 5000).Select(i => new NirNode($"{i}", NirNodeType.Input, shape))], []);
        Assert.True(Read(NirRoundTripTests.ToBytes(graph)));
    }

    [SkippableFact]
    public void Read_ChunksFarLargerThanTheirData_AreRefused()
    {
        // Sixty numbers, each in a compressed chunk of a megabyte: the result is tiny, getting at it is not.
        const string Script = """
            import sys, h5py, numpy as np
            with h5py.File(sys.argv[1], 'w') as f:
                f['version'] = '1'
                g = f.create_group('node'); g['type'] = 'NIRGraph'; g.create_group('nodes'); g['edges'] = []
                g.create_group('metadata').create_dataset('x', shape=(60, 1), maxshape=(None, None), chunks=(1, 1 << 20), dtype='u1', compression='gzip', fillvalue=0)[:] = 1
            """;
        using var folder = new TemporaryFolder();
        string path = folder.File("bomb.nir");
        Python.Run(Script, path);
        byte[] content = File.ReadAllBytes(path);
        Assert.False(Read(content));
    }

    [Fact]
    public void Read_RandomGraphsDamaged_ThrowsOneExceptionOrReads()
    {
        var random = new RandomStream(14);
        for (ulong seed = 0; seed < 150; seed++)
        {
            byte[] whole = NirRoundTripTests.ToBytes(new RandomGraph(seed).Make());
            for (int run = 0; run < 20; run++)
            {
                byte[] damaged = (byte[])whole.Clone();
                for (int flips = 1 + random.NextInt32(8); flips > 0; flips--) damaged[random.NextInt32(damaged.Length)] = (byte)random.NextUInt64();
                Read(damaged);
            }
        }
    }

    [Fact]
    public void Read_NoHdf5_ThrowsOneException()
    {
        var random = new RandomStream(15);
        for (int length = 0; length < 3000; length += 1 + random.NextInt32(40))
        {
            byte[] content = new byte[length];
            for (int i = 0; i < length; i++) content[i] = (byte)random.NextUInt64();
            if (random.NextInt32(2) == 0 && length >= 8) Hdf5Superblock.Signature.CopyTo(content);
            Assert.False(Read(content));
        }
        Assert.Contains("cannot be read", Assert.Throws<ModelFileException>(() => NirFile.Read("/no/such/file.nir")).Message, StringComparison.Ordinal);
        Assert.Throws<ModelFileException>(() => NirFile.Read(Path.GetTempPath()));
    }

    [Fact]
    public void Read_GroupThatContainsItself_IsRefused()
    {
        // The list of nodes is replaced by the group that contains it: an endless tree.
        byte[] content = NirRoundTripTests.ToBytes(new NirGraph([], []));
        var root = Hdf5File.Open(content, "test").Root;
        long node = ((Hdf5Group)root.Find("node")!).Address, nodes = ((Hdf5Group)((Hdf5Group)root.Find("node")!).Find("nodes")!).Address;
        Replace(content, nodes, node);
        var error = Assert.Throws<ModelFileException>(() => NirFile.Read(content, "test", out _));
        Assert.Contains("must be a tree", error.Message, StringComparison.Ordinal);

        // Without that rule the depth would stop it.
        var file = Hdf5File.Open(content, "test");
        var deeper = Assert.Throws<ModelFileException>(() =>
        {
            var group = (Hdf5Group)file.Root.Find("node")!;
            for (int depth = 0; depth < 1000; depth++) group = (Hdf5Group)group.Find("nodes")!;
        });
        Assert.Contains("deeper than 64", deeper.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Elements_HugeExtentsWithoutData_CostNothing()
    {
        // A million numbers that were never written: the claim costs 8 bytes, the array would cost 8 million.
        byte[] content = NirRoundTripTests.ToBytes(new NirGraph([], [], new NirGroup(new Dictionary<string, NirValue> { ["x"] = NirArray.Of(new double[77], 77) })));
        int space = content.AsSpan().IndexOf(new byte[] { 1, 1, 0, 0, 0, 0, 0, 0, 77, 0, 0, 0, 0, 0, 0, 0 });
        foreach (long count in new[] { 1_000_000, int.MaxValue, 1L + int.MaxValue, long.MaxValue })
        {
            byte[] damaged = (byte[])content.Clone();
            BinaryPrimitives.WriteInt64LittleEndian(damaged.AsSpan(space + 8), count);
            int layout = damaged.AsSpan(space).IndexOf(new byte[] { 3, 1 }) + space;
            Assert.False(Read(damaged), "the data are shorter than the extents say");
            BinaryPrimitives.WriteInt64LittleEndian(damaged.AsSpan(layout + 2), -1);
            Assert.False(Read(damaged), "nothing was written, and the extents ask for too much");
        }
    }

    [SkippableFact]
    public void Read_CompressedZeros_AreBoundedByTheFile()
    {
        const string Script = """
            import sys, h5py, numpy as np
            with h5py.File(sys.argv[1], 'w') as f:
                f['version'] = '1'
                g = f.create_group('node'); g['type'] = 'NIRGraph'; n = g.create_group('nodes'); g['edges'] = []
                t = n.create_group('t'); t['type'] = 'Threshold'
                t.create_dataset('threshold', data=np.zeros(int(sys.argv[2]), 'f4'), compression='gzip', chunks=(min(int(sys.argv[2]), 65536),))
            """;
        using var folder = new TemporaryFolder();
        string path = folder.File("zeros.nir");
        Python.Run(Script, path, "10000");
        Assert.Equal(10000, NirFile.Read(path).Find("t")!.Array("threshold")!.Count);
        Python.Run(Script, path, "20000000");
        Assert.False(Read(File.ReadAllBytes(path)));
    }

    [SkippableFact]
    public void Read_JustBelowTheBound_StaysWithinIt()
    {
        // A megabyte of noise allows twenty of content: seventeen of zeros are read, at their size and no more, in every kind of number.
        const string Script = """
            import sys, h5py, numpy as np
            with h5py.File(sys.argv[1], 'w') as f:
                f['version'] = '1'
                g = f.create_group('node'); g['type'] = 'NIRGraph'; n = g.create_group('nodes'); g['edges'] = []
                g.create_group('metadata')['noise'] = np.frombuffer(np.random.RandomState(1).bytes(1 << 20), 'u1')
                t = n.create_group('t'); t['type'] = 'Threshold'
                d = np.dtype(sys.argv[2])
                t.create_dataset('threshold', data=np.zeros((17 << 20) // d.itemsize, d), compression='gzip', shuffle=True, chunks=(1 << 16,))
            """;
        using var folder = new TemporaryFolder();
        string path = folder.File("zeros.nir");
        foreach (string type in new[] { "f4", "f8", "i8", "u1" })
        {
            Python.Run(Script, path, type);
            Assert.True(Read(File.ReadAllBytes(path)), type);
        }
        foreach (string type in new[] { "f2", "i1", ">f4" }) // they need twice the space and more on the way
        {
            Python.Run(Script, path, type);
            Assert.False(Read(File.ReadAllBytes(path)), type);
        }
    }

    /// <summary>Reads; false if the one exception came. Any other one, or too much memory, fails the test.</summary>
    private static bool Read(byte[] content)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isRead = true;
        try
        {
            NirFile.Read(content, "fuzz", out _);
        }
        catch (ModelFileException e)
        {
            Assert.StartsWith("fuzz: ", e.Message, StringComparison.Ordinal);
            Assert.InRange(e.Offset, -1, content.Length);
            isRead = false;
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= 20L * content.Length + Slack, $"{allocated} bytes were allocated for a file of {content.Length}");
        return isRead;
    }

    private static bool Walk(byte[] content)
    {
        try
        {
            var open = new Stack<Hdf5Group>([Hdf5File.Open(content, "fuzz").Root]);
            for (int count = 0; count < 1000 && open.TryPop(out var group); count++)
            {
                foreach (string name in group.Names)
                {
                    var found = group.Find(name);
                    found!.Attributes();
                    if (found is Hdf5Group inner) open.Push(inner);
                    else ((Hdf5Dataset)found).Elements().ToSingle();
                }
            }
            return true;
        }
        catch (ModelFileException)
        {
            return false;
        }
    }

    private static void Replace(byte[] content, long word, long other)
    {
        for (int at = 0; at + 8 <= content.Length; at += 8)
        {
            if (BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(at)) == word) BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(at), other);
        }
    }

    // Where a block begins and where its checksum stands, found by trying every length: independent of the reader.
    private static List<(int Start, int End)> ChecksummedBlocks(byte[] content)
    {
        var blocks = new List<(int, int)>();
        foreach (string signature in new[] { "OHDR", "OCHK", "BTHD", "BTLF", "BTIN", "FRHP", "FHIB" })
        {
            byte[] mark = System.Text.Encoding.ASCII.GetBytes(signature);
            for (int at = 0; at + 4 < content.Length; at++)
            {
                if (!content.AsSpan(at, 4).SequenceEqual(mark)) continue;
                for (int end = at + 8; end <= Math.Min(content.Length - 4, at + 1200); end++)
                {
                    if (BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(end)) != Lookup3.Of(content.AsSpan(at, end - at))) continue;
                    blocks.Add((at, end));
                    break;
                }
            }
        }
        return blocks;
    }

    private static byte[] Load(string name) => File.ReadAllBytes(SharedData.Require("nir/" + name));
}
