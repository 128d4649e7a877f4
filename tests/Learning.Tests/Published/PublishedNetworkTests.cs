using System.Globalization;
using System.Text.Json;
using EdgeAutonomy.Perception;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Learning.Tests;

/// <summary>Networks that others trained and published, run by the engine, against traces that an independent float64 interpreter made.</summary>
public class PublishedNetworkTests
{
    [SkippableFact]
    public void Cnn_HundredRealRecordings_GivesThePublishedDecisions()
    {
        using var expected = JsonDocument.Parse(File.ReadAllText(SharedData.Require("nir/expected-cnn-nmnist.json")));
        var data = NmnistData.Load(SharedData.Require("events/nmnist-small"), "test100.txt", new NmnistOptions());
        var network = SpikingNetwork.Compile(NirFile.Read(SharedData.Require("nir/cnn_sinabs.nir")), new SpikingOptions { Dt = 1 });
        var classifier = new RecordingClassifier(network, stepUs: 1000, steps: 300);
        var samples = expected.RootElement.GetProperty("samples").EnumerateArray().ToArray();
        Assert.Equal(100, samples.Length);
        Assert.Equal(100, data.Count);
        int right = 0;
        long[] spikes = new long[5], stated = new long[5];
        for (int i = 0; i < samples.Length; i++)
        {
            int predicted = classifier.Classify(data.EventsOf(i));
            Assert.Equal(samples[i].GetProperty("label").GetInt32(), data.ClassOf(i));
            Assert.Equal(samples[i].GetProperty("predicted").GetInt32(), predicted);
            if (predicted == data.ClassOf(i)) right++;
            var counts = samples[i].GetProperty("outputCounts").EnumerateArray().Select(c => c.GetInt32()).ToArray();
            for (int c = 0; c < counts.Length; c++) Assert.InRange(classifier.Readout[c], counts[c] - 2, counts[c] + 2);
            int layer = 0;
            for (int l = 0; l < network.LayerCount; l++)
            {
                if (network.Counters(l).Type == NirNodeType.IF) spikes[layer++] += network.Counters(l).Spikes;
            }
            Assert.Equal(5, layer);
            int k = 0;
            foreach (var total in samples[i].GetProperty("layerSpikes").EnumerateArray()) stated[k++] += total.GetInt64();
        }
        Assert.Equal(100, right);
        // The published counts come from float64 sums; float32 in another order moves a few spikes of a million.
        for (int l = 0; l < 5; l++) Assert.InRange((double)spikes[l] / stated[l], 0.999, 1.001);
    }

    [SkippableFact]
    public void Lif_PublishedTrace_IsMet()
    {
        var network = SpikingNetwork.Compile(NirFile.Read(SharedData.Require("nir/lif_norse.nir")), new SpikingOptions { Dt = 1e-4, Probes = ["1"] });
        string[] lines = File.ReadAllLines(SharedData.Require("nir/lif-traces/lif_norse.csv"));
        Assert.Equal(1000, lines.Length);
        float[] membrane = new float[1];
        var fired = new List<int>();
        for (int t = 0; t < lines.Length; t++)
        {
            var cells = lines[t].Split(',').Select(c => double.Parse(c, CultureInfo.InvariantCulture)).ToArray();
            network.StepDense([(float)cells[0]]);
            network.Membrane("1", membrane);
            Assert.InRange(membrane[0] - cells[1], -1e-6, 1e-6);
            if (network.Outputs[0].Values[0] > 0) fired.Add(t);
        }
        Assert.Equal([460, 510, 710, 760], fired);
    }

    [SkippableFact]
    public void TwoLif_WithoutInput_FireThemselvesAsPublished()
    {
        var graph = NirFile.Read(SharedData.Require("nir/two_lif_neurons.nir"));
        var names = graph.Nodes.Where(n => n.Type == NirNodeType.LIF).Select(n => n.Name).Order(StringComparer.Ordinal).ToArray();
        var network = SpikingNetwork.Compile(graph, new SpikingOptions { Dt = 1e-4, Probes = names });
        long before = 0;
        var first = new List<int>();
        float[] second = new float[1];
        float last = 0, jump = 0;
        for (int t = 0; t < 1000; t++)
        {
            network.StepDense(new float[network.InputElements]);
            network.Membrane(names[1], second);
            long spikes = Spikes(network, names[0]);
            if (spikes > before)
            {
                first.Add(t);
                if (jump == 0) jump = second[0] - last;
            }
            (before, last) = (spikes, second[0]);
        }
        Assert.Equal([178, 357, 536, 715, 894], first);
        Assert.Equal(0, Spikes(network, names[1]));
        Assert.Equal(0.01, jump, 4);
    }

    [SkippableTheory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(0, true)]
    public void Braille_RecurrentTraces_AreMet(int index, bool oldCurrent)
    {
        using var expected = JsonDocument.Parse(File.ReadAllText(SharedData.Require("nir/expected-braille-traces.json")));
        var given = expected.RootElement.GetProperty("cases")[index];
        var reset = given.GetProperty("reset").GetString() == "subtract" ? Perception.SpikeReset.Subtract : Perception.SpikeReset.Zero;
        var graph = NirFile.Read(SharedData.Require($"nir/{given.GetProperty("file").GetString()}"));
        var network = SpikingNetwork.Compile(graph, new SpikingOptions { Dt = 1e-4, Reset = reset, Current = oldCurrent ? SynapticCurrent.Old : SynapticCurrent.New, Probes = ["lif1.lif", "lif2"] });
        uint s = 1;
        long inputs = 0;
        int[] lif2 = new int[7];
        var active = new List<int>();
        float[] membrane = new float[7];
        for (int t = 0; t < 256; t++)
        {
            active.Clear();
            for (int i = 0; i < 12; i++)
            {
                s = unchecked(1664525 * s + 1013904223);
                if (s >> 24 < 26) active.Add(i);
            }
            inputs += active.Count;
            network.Step(active.ToArray());
            foreach (int n in network.Outputs[0].Active) lif2[n]++;
        }
        network.Membrane("lif2", membrane);
        Assert.Equal(given.GetProperty("inputSpikes").GetInt64(), inputs);
        var other = oldCurrent ? given.GetProperty("oldCurrentVariant") : given;
        Assert.Equal(other.GetProperty("lif2Spikes").EnumerateArray().Select(v => v.GetInt32()), lif2);
        long total = oldCurrent ? other.GetProperty("lif1Total").GetInt64() : given.GetProperty("lif1Spikes").EnumerateArray().Sum(v => v.GetInt64());
        Assert.Equal(total, Spikes(network, "lif1.lif"));
        if (oldCurrent) return;
        var final = given.GetProperty("lif2FinalV").EnumerateArray().Select(v => v.GetDouble()).ToArray();
        for (int n = 0; n < final.Length; n++) Assert.Equal(final[n], membrane[n], 4);
    }

    private static long Spikes(SpikingNetwork network, string name) => Enumerable.Range(0, network.LayerCount).Select(network.Counters).Single(c => c.Name == name).Spikes;
}
