using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Perception.Tests;

/// <summary>Networks as other tools export them: their step and reset stated, the spikes those of the tools' own update rules, written out here.</summary>
public class ConventionTests
{
    private const float Theta = 1;
    private const double Dt = 1e-4;
    private const int Steps = 2000;

    // Whole fractions of two: the rules then give the same numbers in any order of operations, and every spike must agree.
    private const float Beta = 0.875f;

    [Theory]
    [InlineData(SpikeReset.SubtractDelayed)]
    [InlineData(SpikeReset.SubtractPending)]
    [InlineData(SpikeReset.Zero)]
    public void Step_LeakyOfSnnTorch_SpikesAsItsOwnRule(SpikeReset reset)
    {
        // Export: tau = dt/(1 − β), r = tau/dt.
        double tau = Dt / (1 - Beta);
        var network = Neuron(tau, tau / Dt, new SpikingOptions { Reset = reset });
        Assert.Equal(Dt, network.Dt, 1e-12); // guessed: r·dt/tau = 1 allows no other
        float v = 0;
        int spikes = 0;
        foreach (float x in Input())
        {
            float r = v > Theta ? 1 : 0, s;
            if (reset == SpikeReset.Zero)
            {
                v = Beta * (1 - r) * v + x;
                s = v > Theta ? 1 : 0;
            }
            else
            {
                v = Beta * v + x - r * Theta;
                s = v > Theta ? 1 : 0;
                if (reset == SpikeReset.SubtractPending) v -= (s - r) * Theta; // reset_delay=False
            }
            Check(network, x, s, ref spikes);
        }
        Assert.InRange(spikes, 100, Steps - 50);
    }

    [Fact]
    public void Step_TheThreeSoftResets_Differ()
    {
        double tau = Dt / (1 - Beta);
        var counts = new[] { SpikeReset.Subtract, SpikeReset.SubtractPending, SpikeReset.SubtractDelayed }.Select(reset =>
        {
            var network = Neuron(tau, tau / Dt, new SpikingOptions { Reset = reset });
            return string.Concat(Input().Select(x =>
            {
                network.StepDense([x]);
                return network.Outputs[0].Active.Length > 0 ? '1' : '0';
            }));
        }).ToArray();
        Assert.Equal(3, counts.Distinct().Count());
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Step_LifOfSpikingJelly_SpikesAsItsOwnRule(bool decayInput, bool hard)
    {
        // Export: tau = steps·dt, r = 1 where the input decays too, else the steps; fires from the threshold on.
        const float TauSteps = 4;
        var options = new SpikingOptions { Dt = Dt, Reset = hard ? SpikeReset.Value : SpikeReset.Subtract, Compare = SpikeComparison.AtOrAbove };
        var network = Neuron(TauSteps * Dt, decayInput ? 1 : TauSteps, options);
        float v = 0;
        int spikes = 0;
        foreach (float input in Input())
        {
            float x = decayInput ? 4 * input : input;
            v += decayInput ? (x - v) / TauSteps : x - v / TauSteps;
            float s = v - Theta >= 0 ? 1 : 0;
            v = hard ? (1 - s) * v : v - s * Theta;
            Check(network, x, s, ref spikes);
        }
        Assert.InRange(spikes, 100, Steps - 50);
    }

    [Fact]
    public void Compile_StepThatTheFileLeavesOpen_AsksForIt()
    {
        var error = Assert.Throws<SpikingModelException>(() => Neuron(4 * Dt, 1, new SpikingOptions()));
        Assert.Contains("dt", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    private static IEnumerable<float> Input()
    {
        var random = new RandomStream(12);
        for (int t = 0; t < Steps; t++) yield return random.NextInt32(100) / 64f; // now and then a membrane is still above the threshold after its reset
    }

    private static void Check(SpikingNetwork network, float x, float s, ref int spikes)
    {
        network.StepDense([x]);
        Assert.Equal(s, network.Outputs[0].Active.Length);
        spikes += (int)s;
    }

    private static SpikingNetwork Neuron(double tau, double r, SpikingOptions options)
    {
        var graph = new NetSketch().Add("in", NirNodeType.Input, ("shape", NirArray.Vector(1)))
            .Add("lif", NirNodeType.LIF, ("tau", NirArray.Of([tau], 1)), ("r", NirArray.Of([r], 1)), ("v_leak", NirArray.Of([0.0], 1)), ("v_threshold", NirArray.Of([(double)Theta], 1)))
            .Add("out", NirNodeType.Output, ("shape", NirArray.Vector(1))).Wire("in", "lif", "out").Graph();
        return SpikingNetwork.Compile(new NirGraph(graph.Nodes, graph.Edges), options); // without our metadata, as others write it
    }
}
