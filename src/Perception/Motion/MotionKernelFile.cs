using System.Globalization;

namespace EdgeAutonomy.Perception;

/// <summary>Reads and writes motion kernels as NIR files.</summary>
/// <remarks>
/// The graph is input → Conv2d → output. The convolution sees the field of one event: its input channels are channel · depth + delay, its kernel
/// [class, channel · depth + delay, row, column] holds zero where there is no synapse, and its one output pixel is the scores of the classes; other NIR tools
/// can run it as it stands. What NIR cannot say stands in metadata: <c>edge_dt</c> on the graph (seconds per step), and on the convolution
/// <c>edge_motion</c> (version, 1), <c>edge_motion_directions</c>, <c>edge_motion_speeds</c> (pixels per step), <c>edge_motion_polarity</c> (absolute, relative),
/// <c>edge_motion_gain</c>.
/// </remarks>
public static class MotionKernelFile
{
    private const string Conv = "motion", Version = "edge_motion", Directions = "edge_motion_directions", Speeds = "edge_motion_speeds", Polarity = "edge_motion_polarity", Gain = "edge_motion_gain", Dt = "edge_dt";
    private static readonly Lazy<MotionKernel> LazyShipped = new(ReadShipped);

    /// <summary>Gets the kernel that ships with the program (models/motion.md).</summary>
    /// <exception cref="ModelFileException">This build has none, or it is damaged.</exception>
    public static MotionKernel Shipped => LazyShipped.Value;

    /// <summary>Reads a kernel.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelFileException">The file cannot be read, is damaged, or is no motion kernel; the message says where and why.</exception>
    public static MotionKernel Read(string path) => FromGraph(NirFile.Read(path), path);

    /// <summary>Reads a kernel from the rest of a stream.</summary>
    /// <param name="stream">The stream; it is not closed.</param>
    /// <param name="name">Starts the messages of errors.</param>
    /// <exception cref="ModelFileException">The stream fails, is damaged, or is no motion kernel.</exception>
    public static MotionKernel Read(Stream stream, string name) => FromGraph(NirFile.Read(stream, name, out _), name);

    /// <summary>Writes a kernel; the file is replaced as a whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kernel">The kernel.</param>
    /// <exception cref="ModelFileException">The system cannot write.</exception>
    public static void Write(string path, MotionKernel kernel) => NirFile.Write(path, ToGraph(kernel));

    /// <summary>Describes a kernel as a network.</summary>
    public static NirGraph ToGraph(MotionKernel kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        var shape = kernel.Shape;
        var weights = new float[shape.Synapses];
        foreach (ref readonly var s in kernel.Synapses) weights[s.Class * shape.Inputs + shape.Input(s.Channel, s.Delay, s.Dx, s.Dy)] = s.Weight;
        int channels = 2 * shape.Depth, side = shape.Side;
        var parameters = NirGroup.Empty
            .With("weight", NirArray.Of(weights, shape.Classes, channels, side, side))
            .With("bias", NirArray.Of(kernel.Bias.ToArray(), shape.Classes))
            .With("stride", NirArray.Vector(1, 1))
            .With("padding", NirArray.Vector(0, 0))
            .With("dilation", NirArray.Vector(1, 1))
            .With("groups", NirArray.Scalar(1L))
            .With("input_shape", NirArray.Vector(side, side));
        var metadata = NirGroup.Empty
            .With(Version, NirArray.Scalar(1L))
            .With(Directions, NirArray.Scalar((long)shape.Directions))
            .With(Speeds, NirArray.Of([.. shape.Speeds], shape.Speeds.Count))
            .With(Polarity, new NirText(shape.Polarity == MotionPolarity.Absolute ? "absolute" : "relative"))
            .With(Gain, NirArray.Of([kernel.Gain]));
        return new NirGraph(
            [
                new NirNode("input", NirNodeType.Input, NirGroup.Empty.With("shape", NirArray.Vector(channels, side, side))),
                new NirNode(Conv, NirNodeType.Conv2d, parameters, metadata),
                new NirNode("output", NirNodeType.Output, NirGroup.Empty.With("shape", NirArray.Vector(shape.Classes, 1, 1))),
            ],
            [new NirEdge("input", Conv), new NirEdge(Conv, "output")],
            NirGroup.Empty.With(Dt, NirArray.Scalar(shape.StepUs * 1e-6)));
    }

    /// <summary>Makes a kernel of a network that <see cref="ToGraph"/> described.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="source">Where it comes from; starts the messages of errors.</param>
    /// <exception cref="ModelFileException">It is no motion kernel; the message says where and why.</exception>
    public static MotionKernel FromGraph(NirGraph graph, string source)
    {
        ArgumentNullException.ThrowIfNull(graph);
        NirSchema.Check(graph, source, new List<string>());
        var node = graph.Find(Conv);
        if (node is null || node.Type != NirNodeType.Conv2d) throw Bad("/node/nodes", $"there is no Conv2d node '{Conv}'; this is no motion kernel");
        if (graph.Nodes.Count != 3) throw Bad("/node/nodes", $"there are {graph.Nodes.Count} nodes; a motion kernel has three, input, '{Conv}' and output");
        string place = $"/node/nodes/{Conv}";
        double version = Scalar(node.Metadata, Version);
        if (version != 1) throw Bad($"{place}/metadata/{Version}", Invariant($"the version is {version}, this program knows 1"));
        var shape = Shape(graph, node);
        Exactly("stride", 1);
        Exactly("padding", 0);
        Exactly("dilation", 1);
        Exactly("groups", 1);
        float[] weights = node.Required("weight").ToSingle(), bias = node.Required("bias").ToSingle();
        if (bias.Length != shape.Classes) throw Bad($"{place}/bias", Invariant($"there are {bias.Length} numbers for {shape.Classes} classes"));
        var synapses = new List<MotionSynapse>();
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i] != 0) synapses.Add(shape.Synapse(i / shape.Inputs, i % shape.Inputs, weights[i]));
        }
        try
        {
            return new MotionKernel(shape, synapses, bias, (float)Scalar(node.Metadata, Gain));
        }
        catch (ArgumentException e)
        {
            throw new ModelFileException(source, place, -1, e.Message, e);
        }

        MotionShape Shape(NirGraph graph, NirNode node)
        {
            var extents = node.Required("weight").Shape.ToArray();
            if (extents.Length != 4) throw Bad($"{place}/weight", Invariant($"its rank is {extents.Length}, must be 4"));
            if (node.Metadata[Speeds] is not NirArray { Count: >= 1 and <= 8 } speeds) throw Bad($"{place}/metadata/{Speeds}", "it must be 1 to 8 numbers");
            string polarity = (node.Metadata[Polarity] as NirText)?.Text ?? "";
            if (polarity is not ("absolute" or "relative")) throw Bad($"{place}/metadata/{Polarity}", $"it is '{polarity}', must be absolute or relative");
            double dt = Scalar(graph.Metadata, Dt) * 1e6, directions = Scalar(node.Metadata, Directions);
            if (!(dt is >= 100 and <= 1e6)) throw Bad($"/node/metadata/{Dt}", Invariant($"a step is {dt} us long, must be in [100, 1000000]"));
            if (!(directions is >= 4 and <= 36) || directions != Math.Floor(directions)) throw Bad($"{place}/metadata/{Directions}", Invariant($"it is {directions}, must be a whole number in [4, 36]"));
            if (extents[1] % 2 != 0 || extents[2] != extents[3] || extents[2] % 2 == 0) throw Bad($"{place}/weight", Invariant($"its shape is [{string.Join(", ", extents)}], must be [classes, 2 · depth, side, side] with an odd side"));
            var shape = new MotionShape
            {
                Directions = (int)directions,
                Speeds = speeds.ToSingle(),
                Depth = extents[1] / 2,
                Radius = extents[2] / 2,
                StepUs = (int)Math.Round(dt),
                Polarity = polarity == "absolute" ? MotionPolarity.Absolute : MotionPolarity.Relative,
            };
            try
            {
                shape.Validate();
            }
            catch (ArgumentOutOfRangeException e)
            {
                throw new ModelFileException(source, place, -1, e.Message, e);
            }
            if (extents[0] != shape.Classes) throw Bad($"{place}/weight", Invariant($"it has {extents[0]} classes; {shape.Directions} directions and {shape.Speeds.Count} speeds make {shape.Classes}"));
            return shape;
        }

        double Scalar(NirGroup group, string name) => group[name] is NirArray { Count: 1 } array ? array.ToDouble()[0] : throw Bad($"{place}/metadata/{name}", "it is missing or not one number; this is no motion kernel");

        void Exactly(string name, double value)
        {
            if (node.Array(name) is not { } array || Array.Exists(array.ToDouble(), v => v != value)) throw Bad($"{place}/{name}", Invariant($"it must be {value} in a motion kernel"));
        }

        ModelFileException Bad(string where, string sentence) => new(source, where, -1, sentence + ".");
    }

    private static MotionKernel ReadShipped()
    {
        const string name = "motion.nir";
        using var stream = typeof(MotionKernelFile).Assembly.GetManifestResourceStream(name)
            ?? throw new ModelFileException(name, "", -1, "this build has no motion kernel in it; train one (edge train motion) into models/motion.nir and build again.");
        return Read(stream, name);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
