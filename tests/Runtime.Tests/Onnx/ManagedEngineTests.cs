using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Runtime.Tests;

public class ManagedEngineTests
{
    [Fact]
    public void Run_Perceptron_AgreesWithPlainSumsInDouble()
    {
        var random = new RandomStream(1);
        const int In = 37, Hidden = 65, Out = 3;
        float[] w1 = Networks.Weights(random, In * Hidden, In), b1 = Networks.Weights(random, Hidden, 1), w2 = Networks.Weights(random, Hidden * Out, Hidden), b2 = Networks.Weights(random, Out, 1);
        var g = new OnnxGraphBuilder("mlp");
        string h = g.Node("Tanh", [g.Node("Gemm", [g.Input("x", 1, In), g.Constant(w1, Hidden, In), g.Constant(b1, Hidden)], OnnxAttribute.Of("transB", 1))]);
        g.Output(g.Node("Gemm", [h, g.Constant(w2, Hidden, Out), g.Constant(b2, Out)]), "y", 1, Out);
        using var engine = new ManagedEngine(g.Build());
        Networks.Fill(random, engine.Input());
        engine.Run();
        double[] hidden = new double[Hidden];
        for (int j = 0; j < Hidden; j++)
        {
            double sum = b1[j];
            for (int k = 0; k < In; k++) sum += (double)w1[j * In + k] * engine.Input()[k];
            hidden[j] = Math.Tanh(sum);
        }
        for (int o = 0; o < Out; o++)
        {
            double sum = b2[o];
            for (int j = 0; j < Hidden; j++) sum += w2[j * Out + o] * hidden[j];
            Assert.Equal(sum, engine.Output()[o], 2e-6); // about sqrt(65) roundings of 2^-24 of numbers of order one
        }
    }

    [Fact]
    public void Run_Convolution_AgreesWithPlainSumsInDouble()
    {
        var random = new RandomStream(2);
        const int In = 3, Out = 5, Rows = 9, Columns = 22, K = 3;
        float[] w = Networks.Weights(random, Out * In * K * K, In * K * K), b = Networks.Weights(random, Out, 1);
        var g = new OnnxGraphBuilder("conv");
        g.Output(g.Node("Conv", [g.Input("x", 1, In, Rows, Columns), g.Constant(w, Out, In, K, K), g.Constant(b, Out)], OnnxAttribute.Of("pads", (long[])[1, 0, 2, 1]), OnnxAttribute.Of("strides", (long[])[2, 1])), "y", -1, -1, -1, -1);
        using var engine = new ManagedEngine(g.Build());
        Networks.Fill(random, engine.Input());
        engine.Run();
        Assert.Equal([1, Out, 5, 21], engine.Outputs[0].Shape);
        var x = engine.Input();
        int at = 0;
        for (int o = 0; o < Out; o++)
        {
            for (int r = 0; r < 5; r++)
            {
                for (int c = 0; c < 21; c++)
                {
                    double sum = b[o];
                    for (int i = 0; i < In; i++)
                    {
                        for (int kr = 0; kr < K; kr++)
                        {
                            for (int kc = 0; kc < K; kc++)
                            {
                                int row = 2 * r - 1 + kr, column = c + kc;
                                if (row is >= 0 and < Rows && column < Columns) sum += (double)x[(i * Rows + row) * Columns + column] * w[((o * In + i) * K + kr) * K + kc];
                            }
                        }
                    }
                    Assert.Equal(sum, engine.Output()[at++], 2e-6);
                }
            }
        }
    }

    [Fact]
    public void Run_GruWithUnitWeights_GivesTheEquationsByHand()
    {
        // One unit, one step, h = 0.5, x = 1: z = s(0.2 + 0.1·0.5), r = s(0.3 + 0.4·0.5), and the two places of the reset gate.
        foreach (bool late in (bool[])[false, true])
        {
            var g = new OnnxGraphBuilder("gru");
            string[] inputs = [g.Input("x", 1, 1, 1), g.Constant([0.2f, 0.3f, 0.6f], 1, 3, 1), g.Constant([0.1f, 0.4f, 0.7f], 1, 3, 1), g.Constant([0, 0, 0.05f, 0, 0, 0.25f], 1, 6), "", g.Input("h", 1, 1, 1)];
            g.Add(new OnnxNode("GRU", inputs, ["", "last"], [OnnxAttribute.Of("hidden_size", 1), OnnxAttribute.Of("linear_before_reset", late ? 1 : 0)]));
            g.Output("last", "last", 1, 1, 1);
            using var engine = new ManagedEngine(g.Build());
            engine.Input(0)[0] = 1;
            engine.Input(1)[0] = 0.5f;
            engine.Run();
            double z = S(0.25), r = S(0.5), n = late ? Math.Tanh(0.65 + r * (0.35 + 0.25)) : Math.Tanh(0.65 + r * 0.5 * 0.7 + 0.25);
            Assert.Equal((1 - z) * n + z * 0.5, engine.Output()[0], 1e-6);
        }

        static double S(double x) => 1 / (1 + Math.Exp(-x));
    }

    [Fact]
    public void Run_MaxPoolWhoseLastWindowLiesInThePadding_LeavesItOut()
    {
        var g = new OnnxGraphBuilder("pool");
        g.Output(g.Node("MaxPool", [g.Input("x", 1, 1, 6)], OnnxAttribute.Of("kernel_shape", (long[])[4]), OnnxAttribute.Of("strides", (long[])[2]), OnnxAttribute.Of("pads", (long[])[0, 3]), OnnxAttribute.Of("ceil_mode", 1)), "y", -1, -1, -1);
        using var engine = new ManagedEngine(g.Build());
        ((float[])[-1, -2, -3, -4, -5, -6]).CopyTo(engine.Input());
        engine.Run();
        Assert.Equal([-1f, -3, -5], engine.Output().ToArray()); // a padding that counted would give 0
    }

    [Fact]
    public void Run_AnyNetwork_AllocatesNothing()
    {
        var random = new RandomStream(5);
        foreach (var model in (OnnxModel[])[Networks.Perceptron(random, [16, 64, 64, 4], Networks.Activations), EngineAgreementTests.ConvolutionalNetwork(random, 9)])
        {
            using var engine = new ManagedEngine(model);
            Networks.Fill(random, engine.Input());
            Allocations.AssertNone(engine.Run);
        }
    }

    [Fact]
    public void Run_Twice_GivesTheSameBits()
    {
        var random = new RandomStream(6);
        using var engine = new ManagedEngine(EngineAgreementTests.ConvolutionalNetwork(random, 21));
        float[] input = new float[engine.Input().Length];
        Networks.Fill(random, input);
        input.CopyTo(engine.Input());
        engine.Run();
        float[] first = engine.Output().ToArray();
        Networks.Fill(random, engine.Input());
        engine.Run();
        Assert.NotEqual(first, engine.Output().ToArray());
        input.CopyTo(engine.Input());
        engine.Run();
        Assert.Equal(first, engine.Output().ToArray());
    }

    [Fact]
    public void Input_NotAFiniteNumber_ComesOutAsNaN()
    {
        var random = new RandomStream(7);
        foreach (string activation in (string[])["Relu", "Tanh", "Clip", "Softmax", "Elu", "Sigmoid"])
        {
            using var engine = new ManagedEngine(Networks.Perceptron(random, [4, 8, 2], activation));
            engine.Input()[2] = float.NaN;
            engine.Run();
            Assert.All(engine.Output().ToArray(), y => Assert.True(float.IsNaN(y), activation));
        }
    }

    [Fact]
    public void Buffers_OfAnEngine_AreAlignedAndStay()
    {
        using var engine = new ManagedEngine(Networks.Perceptron(new RandomStream(8), [7, 5, 3], "Relu"));
        unsafe
        {
            fixed (float* x = engine.Input()) Assert.Equal(0, (nint)x % 64);
            fixed (float* y = engine.Output()) Assert.Equal(0, (nint)y % 64);
        }
    }

    [Fact]
    public void Output_OfAnIdentity_DoesNotFollowTheNextInput()
    {
        var g = new OnnxGraphBuilder("identity");
        g.Output(g.Input("x", 2), "y", 2);
        using var engine = new ManagedEngine(g.Build());
        engine.Input()[0] = 1;
        engine.Run();
        engine.Input()[0] = 2;
        Assert.Equal(1, engine.Output()[0]);
    }

    [Fact]
    public void Run_ValueReadTwice_IsNotOverwrittenByTheFirstReader()
    {
        var g = new OnnxGraphBuilder("residual");
        string x = g.Input("x", 1, 3), a = g.Node("Add", [x, x]), r = g.Node("Relu", [a]), flat = g.Node("Reshape", [a, g.Constant(3L)]), n = g.Node("Neg", [flat]);
        g.Output(g.Node("Add", [r, a]), "y", 1, 3);
        g.Output(n, "z", 3);
        using var engine = new ManagedEngine(g.Build());
        ((float[])[1, -1, 2]).CopyTo(engine.Input());
        engine.Run();
        Assert.Equal([4f, -2, 8], engine.Output(0).ToArray());
        Assert.Equal([-2f, 2, -4], engine.Output(1).ToArray());
    }

    [Fact]
    public void Create_UnknownOperator_NamesItAndTheOtherEngine()
    {
        string message = Refuse<NotSupportedException>(g => g.Node("Einsum", [g.Input("x", 1, 2)]));
        Assert.Contains("'Einsum'", message, StringComparison.Ordinal);
        Assert.Contains("ONNX Runtime", message, StringComparison.Ordinal);
        Assert.StartsWith("robot.onnx: node '/t0' (Einsum)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_SettingThatIsNotKnown_IsRefusedNotIgnored() =>
        Assert.Contains("'clip'", Refuse<NotSupportedException>(g => g.Node("GRU", [g.Input("x", 1, 1, 1), g.Constant([1f, 1, 1], 1, 3, 1), g.Constant([1f, 1, 1], 1, 3, 1)], OnnxAttribute.Of("clip", 1f))), StringComparison.Ordinal);

    [Fact]
    public void Create_WeightsWithNaN_AreRefused() =>
        Assert.Contains("NaN at index 2", Refuse<InvalidDataException>(g => g.Node("Gemm", [g.Input("x", 1, 2), g.Constant([1, 2, float.NaN, 4], 2, 2)])), StringComparison.Ordinal);

    [Fact]
    public void Create_ShapesThatDoNotFit_SaysBothSides()
    {
        Assert.Contains("A has 3 columns and B 2 rows", Refuse<InvalidDataException>(g => g.Node("Gemm", [g.Input("x", 1, 3), g.Constant([1f, 2, 3, 4], 2, 2)])), StringComparison.Ordinal);
        Assert.Contains("[1, 3] and [2]", Refuse<InvalidDataException>(g => g.Node("Add", [g.Input("x", 1, 3), g.Constant([1f, 2], 2)])), StringComparison.Ordinal);
        Assert.Contains("does not fit over 2", Refuse<InvalidDataException>(g => g.Node("Conv", [g.Input("x", 1, 1, 2, 9), g.Constant(new float[9], 1, 1, 3, 3)])), StringComparison.Ordinal);
        Assert.Contains("stated as [1, 7]", Refuse<InvalidDataException>(g => g.Input("x", 1, 3)), StringComparison.Ordinal);
        Assert.Contains("made by no earlier node", Refuse<InvalidDataException>(g => g.Node("Relu", ["ghost"])), StringComparison.Ordinal);
        Assert.Contains("divide", Refuse<InvalidDataException>(g => g.Node("Reshape", [g.Input("x", 1, 3), g.Constant(2L, -1L)])), StringComparison.Ordinal);
        Assert.Contains("does not hold", Refuse<InvalidDataException>(g => g.Node("Reshape", [g.Input("x", 1, 3), g.Constant(2L, 2L)])), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_HugeShapes_AreRefusedWithoutTakingTheMemory()
    {
        long before = GC.GetTotalAllocatedBytes();
        Assert.Contains("more than", Refuse<InvalidDataException>(g => g.Input("x", int.MaxValue, int.MaxValue)), StringComparison.Ordinal);
        Assert.Contains("more than", Refuse<InvalidDataException>(g => g.Input("x", long.MaxValue)), StringComparison.Ordinal);
        Assert.Contains("more than", Refuse<InvalidDataException>(g => g.Node("MatMul", [g.Input("x", 1 << 20, 1), g.Input("w", 1, 1 << 20)])), StringComparison.Ordinal);
        Assert.Contains("beyond the limit", Refuse<InvalidDataException>(g => g.Node("Conv", [g.Input("x", 1, 1, 4, 4), g.Constant(new float[1], 1, 1, 1, 1)],
            OnnxAttribute.Of("pads", (long[])[1 << 20, 1 << 20, 1 << 20, 1 << 20]), OnnxAttribute.Of("strides", (long[])[1 << 20, 1 << 20]))), StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64 << 20);
    }

    [Fact]
    public void Run_AfterDispose_Throws()
    {
        var engine = new ManagedEngine(Networks.Perceptron(new RandomStream(9), [2, 2], "Relu"));
        engine.Dispose();
        Assert.Throws<ObjectDisposedException>(engine.Run);
        Assert.Throws<ObjectDisposedException>(() => engine.Input().Length);
        Assert.Throws<ObjectDisposedException>(() => engine.Output().Length);
    }

    [Fact]
    public void Input_IndexOutOfRange_Throws()
    {
        using IInferenceEngine engine = new ManagedEngine(Networks.Perceptron(new RandomStream(9), [2, 2], "Relu"));
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.Input(1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.Output(-1).Length);
        Assert.Equal((0, -1, 0, -1), (engine.FindInput("x"), engine.FindInput("y"), engine.FindOutput("y"), engine.FindOutput("x")));
    }

    private static string Refuse<TError>(Func<OnnxGraphBuilder, string> make) where TError : Exception
    {
        var g = new OnnxGraphBuilder("refused");
        g.Output(make(g), "y", 1, 7);
        if (!g.Build().Inputs.Any()) g.Input("unused", 1);
        return Assert.Throws<TError>(() => new ManagedEngine(OnnxModel.Read(g.Build().Write()), "robot.onnx")).Message;
    }
}
