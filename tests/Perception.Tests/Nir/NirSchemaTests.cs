namespace EdgeAutonomy.Perception.Tests;

public class NirSchemaTests
{
    [Fact]
    public void Check_LifWithoutReset_IsAllowed() => Assert.Empty(Check(Node("LIF", ("tau", F(2)), ("r", F(2)), ("v_leak", F(2)), ("v_threshold", F(2)))));

    [Fact]
    public void Check_CubaWithScalarInputWeight_IsAllowed() =>
        Assert.Empty(Check(Node("CubaLIF", ("tau_syn", F(3)), ("tau_mem", F(3)), ("r", F(3)), ("v_leak", F(3)), ("v_threshold", F(3)), ("w_in", NirArray.Scalar(2.0)))));

    [Fact]
    public void Check_UnknownParameter_WarnsAndKeeps()
    {
        string warning = Assert.Single(Check(Node("Scale", ("scale", F(2)), ("colour", new NirText("red")))));
        Assert.Contains("no parameter 'colour'", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_DuplicateEdge_WarnsAndKeeps()
    {
        var graph = new NirGraph([Node("Scale", ("scale", F(2)))], [new NirEdge("n", "n"), new NirEdge("n", "n")]);
        var warnings = new List<string>();
        NirSchema.Check(graph, "test", warnings);
        Assert.Contains("stands more than once", Assert.Single(warnings), StringComparison.Ordinal);
        var copy = NirFile.Read(NirRoundTripTests.ToBytes(graph), "test", out var read);
        Assert.Equal(2, copy.Edges.Count);
        Assert.Equal(warnings, read);
    }

    [Fact]
    public void Check_OddInManyPlaces_ListsTheFirstHundred()
    {
        var graph = new NirGraph([.. Enumerable.Range(0, 500).Select(i => new NirNode($"{i}", NirNodeType.Scale, new NirGroup(new Dictionary<string, NirValue> { ["scale"] = F(1), ["x"] = F(1) })))], []);
        var warnings = new List<string>();
        NirSchema.Check(graph, "test", warnings);
        Assert.Equal(100, warnings.Count);
        Assert.Contains("There is more", warnings[^1], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void Check_BrokenNode_SaysWhatAndRule(string expected, string type, (string, NirValue)[] parameters)
    {
        var error = Assert.Throws<ModelFileException>(() => Check(Node(type, parameters)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("/node/nodes/n", error.Place, StringComparison.Ordinal);
    }

    public static IEnumerable<object[]> Broken()
    {
        (string, NirValue)[] conv =
        [
            ("weight", F(4, 2, 3, 3)), ("bias", F(4)), ("stride", I(1)), ("padding", I(0)), ("dilation", I(1)), ("groups", I(1)),
        ];
        (string, NirValue)[] With(string name, NirValue value) => [.. conv.Where(p => p.Item1 != name), (name, value)];
        yield return ["needs the parameter 'bias'", "Affine", new (string, NirValue)[] { ("weight", F(2, 2)) }];
        yield return ["must have rank 2 at least", "Linear", new (string, NirValue)[] { ("weight", F(4)) }];
        yield return ["'bias' has 3 numbers", "Affine", new (string, NirValue)[] { ("weight", F(2, 5)), ("bias", F(3)) }];
        yield return ["must be finite", "Linear", new (string, NirValue)[] { ("weight", NirArray.Of([1f, float.NaN], 1, 2)) }];
        yield return ["must be finite", "Threshold", new (string, NirValue)[] { ("threshold", NirArray.Scalar(double.PositiveInfinity)) }];
        yield return ["must be numbers", "Scale", new (string, NirValue)[] { ("scale", new NirText("1")) }];
        yield return ["it is a group", "Scale", new (string, NirValue)[] { ("scale", NirGroup.Empty) }];
        yield return ["must have one shape", "IF", new (string, NirValue)[] { ("r", F(2)), ("v_threshold", F(2, 1)) }];
        yield return ["must have one shape", "LI", new (string, NirValue)[] { ("tau", F(2)), ("r", NirArray.Scalar(1.0)), ("v_leak", F(2)) }];
        yield return ["must be same or valid or numbers", "Conv2d", With("padding", new NirText("full"))];
        yield return ["must have rank 4", "Conv2d", With("weight", F(4, 2, 3))];
        yield return ["must be whole numbers from 1", "Conv2d", With("stride", I(0))];
        yield return ["must be whole numbers from 0", "Conv2d", With("padding", NirArray.Of([0.5]))];
        yield return ["must have 1 to 2", "Conv2d", With("dilation", NirArray.Vector(1, 1, 1))];
        yield return ["gives 4 channels", "Conv2d", With("bias", F(3))];
        yield return ["divided into 3 groups", "Conv2d", With("groups", I(3))];
        yield return ["must be whole numbers", "Input", new (string, NirValue)[] { ("shape", I(-1)) }];
        yield return ["must have rank 0 to 1", "Input", new (string, NirValue)[] { ("shape", NirArray.Of([1L, 2], 1, 2)) }];
    }

    [Fact]
    public void Check_TwoNodesOfOneName_IsRefused()
    {
        var node = Node("Scale", ("scale", F(1)));
        Assert.Contains("names must differ", Assert.Throws<ModelFileException>(() => NirSchema.Check(new NirGraph([node, node], []), "test", [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_UnknownNodeType_NamesNodeAndType()
    {
        byte[] content = NirRoundTripTests.ToBytes(new NirGraph([Node("Threshold", ("threshold", F(1)))], []));
        content.AsSpan()[content.AsSpan().IndexOf("Threshold"u8)..][..9].Reverse();
        var error = Assert.Throws<ModelFileException>(() => NirFile.Read(content, "net.nir", out _));
        Assert.Equal("/node/nodes/n", error.Place);
        Assert.StartsWith("net.nir: /node/nodes/n: node 'n' is of type 'dlohserhT'", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Read_OtherElements_BecomeWhatIsDocumented()
    {
        const string Script = """
            import sys, h5py, numpy as np
            with h5py.File(sys.argv[1], 'w') as f:
                f['version'] = '9'
                g = f.create_group('node'); g['type'] = 'NIRGraph'; n = g.create_group('nodes'); g['edges'] = []
                m = g.create_group('metadata')
                m['half'] = np.array([1.5, -2], 'f2'); m['i1'] = np.array([-3], 'i1'); m['u2'] = np.uint16(65535); m['u1'] = np.uint8(200)
                m['bool'] = np.array([True, False]); m['true'] = True; m['big'] = np.array([7.5], '>f8')
                m['fixed'] = np.bytes_('abc'); m['none'] = h5py.Empty('f4')
                m['texts'] = np.array(['a', 'b'], dtype=h5py.string_dtype()); m['pair'] = np.zeros(2, dtype=[('a', 'i4')])
                m.create_group('inner/er')['x'] = 1.0
                t = n.create_group('t'); t['type'] = 'Threshold'; t['threshold'] = np.array([1, 2], 'i4')
            """;
        using var folder = new TemporaryFolder();
        string path = folder.File("other.nir");
        Python.Run(Script, path);
        var graph = NirFile.Read(path, out var warnings);
        var m = graph.Metadata;
        Assert.Equal(NirArray.Of([1.5f, -2f], 2), m["half"]);
        Assert.Equal(NirArray.Of([-3L], 1), m["i1"]);
        Assert.Equal(NirArray.Scalar(65535L), m["u2"]);
        Assert.Equal(NirArray.Of([(byte)200]), m["u1"]);
        Assert.Equal(NirArray.Of([(byte)1, 0], 2), m["bool"]);
        Assert.Equal(NirArray.Of([(byte)1]), m["true"]);
        Assert.Equal(NirArray.Of([7.5], 1), m["big"]);
        Assert.Equal(new NirText("abc"), m["fixed"]);
        Assert.Null(m["none"]);
        Assert.Equal(NirArray.Scalar(1.0), ((NirGroup)((NirGroup)m["inner"]!)["er"]!)["x"]);
        Assert.Equal(NirArray.Of([1L, 2], 2), graph.Find("t")!.Array("threshold"));
        Assert.Equal("9", graph.Version);
        Assert.Equal(2, warnings.Count);
        Assert.Contains(warnings, w => w.Contains("/node/metadata/texts", StringComparison.Ordinal));
        Assert.Contains(warnings, w => w.Contains("/node/metadata/pair: 2 elements of compound", StringComparison.Ordinal));
    }

    private static List<string> Check(NirNode node)
    {
        var warnings = new List<string>();
        NirSchema.Check(new NirGraph([node], []), "test", warnings);
        return warnings;
    }

    private static NirNode Node(string type, params (string Name, NirValue Value)[] parameters) =>
        new("n", NirSchema.TypeOf(type)!.Value, new NirGroup(parameters.ToDictionary(p => p.Name, p => p.Value)));

    private static NirArray F(params int[] shape) => NirArray.Of(new float[shape.Aggregate(1, (a, b) => a * b)], shape);

    private static NirArray I(long value) => NirArray.Scalar(value);
}
