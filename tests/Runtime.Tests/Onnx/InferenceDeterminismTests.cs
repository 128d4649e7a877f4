using System.Runtime.InteropServices;

namespace EdgeAutonomy.Runtime.Tests;

/// <summary>The managed engine gives the same bits on every machine; .ci/run repeats these with vector instructions switched off.</summary>
public class InferenceDeterminismTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 17)]
    [InlineData(4, 64)]
    [InlineData(5, 257)]
    public void PanelKernel_EveryWidth_EqualsTheScalarTwinBitForBit(int panels, int rows)
    {
        var random = new RandomStream((ulong)rows);
        float[] w = new float[panels * rows * PanelKernel.Width], x = new float[rows], init = new float[panels * PanelKernel.Width];
        Networks.Fill(random, w);
        Networks.Fill(random, x);
        Networks.Fill(random, init);
        foreach (bool spread in (bool[])[false, true])
        {
            float[] scalar = Run<ScalarLane>(spread);
            Assert.Equal(scalar, Run<Lanes4>(spread));
            Assert.Equal(scalar, Run<Lanes8>(spread));
            Assert.Equal(scalar, Run<Lanes16>(spread));
            double truth = spread ? init[0] : init[^1];
            for (int k = 0; k < rows; k++) truth += (double)x[k] * w[((panels - 1) * rows + k) * PanelKernel.Width + PanelKernel.Width - 1];
            Assert.Equal(truth, scalar[^1], 4e-7 * rows * 4);
        }

        float[] Run<T>(bool spread) where T : struct, ILanes<T>
        {
            float[] y = new float[panels * PanelKernel.Width];
            PanelKernel.Run<T>(ref w[0], ref x[0], rows, ref init[0], spread, ref y[0], panels);
            return y;
        }
    }

    [Fact]
    public void Run_KnownNetworks_GiveTheKnownHashOnEveryVectorWidth()
    {
        // The constant was taken on AVX-512; that it holds elsewhere is what the test says.
        var random = new RandomStream(42);
        var hasher = new StateHasher(0);
        OnnxModel[] models = [Networks.Perceptron(random, [16, 64, 64, 33, 4], Networks.Activations), EngineAgreementTests.ConvolutionalNetwork(random, 21), Gru(random)];
        foreach (var model in models)
        {
            using var engine = new ManagedEngine(model);
            for (int run = 0; run < 10; run++)
            {
                for (int i = 0; i < engine.Inputs.Count; i++) Networks.Fill(random, engine.Input(i));
                engine.Run();
                hasher.AddBytes(MemoryMarshal.AsBytes(engine.Output()));
            }
        }
        Assert.Equal(11253632586199000506UL, hasher.Value);
    }

    private static OnnxModel Gru(RandomStream random)
    {
        const int In = 11, Hidden = 21;
        var g = new OnnxGraphBuilder("gru");
        string[] inputs = [g.Input("x", 7, 1, In), g.Constant(Networks.Weights(random, 3 * Hidden * In, In), 1, 3 * Hidden, In), g.Constant(Networks.Weights(random, 3 * Hidden * Hidden, Hidden), 1, 3 * Hidden, Hidden)];
        g.Output(g.Node("GRU", inputs, OnnxAttribute.Of("hidden_size", Hidden), OnnxAttribute.Of("linear_before_reset", 1)), "y", 7, 1, 1, Hidden);
        return g.Build();
    }
}
