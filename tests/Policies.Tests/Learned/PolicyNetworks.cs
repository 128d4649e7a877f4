using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Policies.Tests;

/// <summary>Made-up policies: random perceptrons, and recurrent ones.</summary>
internal static class PolicyNetworks
{
    public static readonly PolicySchema Schema = new()
    {
        Robot = "rover",
        Inputs = [new("goal_distance_m", 0, 10), new("goal_bearing_rad", -3.2, 3.2), new("clearance_m", 0, 5)],
        ActionNames = ["linear_mps", "angular_radps"],
        Actions = [[0, 0], [0.5, 0], [0.3, 0.8], [0.3, -0.8]],
        PeriodsUs = [1000, 2000, 4000, 8000, 16000],
    };

    public static PolicyCard Card => new() { Name = "test", Schema = Schema, Command = "edge train test --seed 1", Seed = 1, Result = "none" };

    public static byte[] Perceptron(int inputs, int outputs, ulong seed, string output = "q", float weight = 1)
    {
        var random = new RandomStream(seed);
        var g = new OnnxGraphBuilder("policy");
        string x = g.Input("observation", 1, inputs);
        string hidden = g.Node("Relu", [g.Node("Gemm", [x, g.Constant(Weights(random, inputs * 16, weight), inputs, 16), g.Constant(Weights(random, 16, 1), 16)], [])], []);
        g.Output(g.Node("Gemm", [hidden, g.Constant(Weights(random, 16 * outputs, weight), 16, outputs), g.Constant(Weights(random, outputs, 1), outputs)], []), output, 1, outputs);
        return g.Build().Write();
    }

    // memory' = tanh(W [observation, memory]); q = V memory'.
    public static byte[] Recurrent(int inputs, int memory, int outputs, ulong seed)
    {
        var random = new RandomStream(seed);
        var g = new OnnxGraphBuilder("policy");
        string x = g.Input("observation", 1, inputs), m = g.Input("memory", 1, memory);
        string next = g.Node("Tanh", [g.Node("Add", [g.Node("MatMul", [x, g.Constant(Weights(random, inputs * memory, 1), inputs, memory)], []), g.Node("MatMul", [m, g.Constant(Weights(random, memory * memory, 1), memory, memory)], [])], [])], []);
        g.Output(next, "next_memory", 1, memory);
        g.Output(g.Node("MatMul", [next, g.Constant(Weights(random, memory * outputs, 1), memory, outputs)], []), "q", 1, outputs);
        return g.Build().Write();
    }

    public static LearnedPolicy Policy(byte[] network) => new(Card, new ManagedEngine(OnnxModel.Read(network), "test"));

    private static float[] Weights(RandomStream random, int count, float scale) => [.. Enumerable.Range(0, count).Select(_ => scale * (float)random.NextGaussian())];
}
