namespace EdgeAutonomy.Runtime.Tests;

public class InferenceStateTests
{
    [Fact]
    public void Advance_AccumulatorNetwork_CarriesItsSum()
    {
        var g = new OnnxGraphBuilder("sum");
        g.Output(g.Node("Add", [g.Input("x", 2), g.Input("sum", 2)]), "sum.next", 2);
        using var engine = new ManagedEngine(g.Build());
        var state = new InferenceState(engine);
        Assert.Equal((1, false, true), (state.Count, state.Carries(0), state.Carries(1)));
        ((float[])[1, 2]).CopyTo(engine.Input(0));
        for (int i = 0; i < 3; i++)
        {
            engine.Run();
            state.Advance();
        }
        Assert.Equal([3f, 6], engine.Input(1).ToArray());
        state.Clear();
        Assert.Equal([0f, 0], engine.Input(1).ToArray());
    }

    [Fact]
    public void Create_NextStateWithoutAnInput_IsRefused()
    {
        var g = new OnnxGraphBuilder("lost");
        g.Output(g.Node("Relu", [g.Input("x", 2)]), "sum.next", 2);
        using var engine = new ManagedEngine(g.Build());
        Assert.Contains("'sum'", Assert.Throws<InvalidDataException>(() => new InferenceState(engine)).Message, StringComparison.Ordinal);
    }
}
