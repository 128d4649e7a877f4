using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning;

/// <summary>Neurons as NIR nodes: the Euler step of dt is the trainer's step.</summary>
internal static class NirNeurons
{
    public static NirNode Node(Layer<float> layer, double dt)
    {
        // NIR: v ← (1 − dt/τ)·v + (dt/τ)·(v_leak + R·x). With R = τ/dt a gain of 1 comes out, with R = 1 one of dt/τ.
        switch (layer)
        {
            case LifLayer<float> lif:
                {
                    var o = lif.Options;
                    double tau = lif.Tau;
                    var metadata = Firing(o.Reset == MembraneReset.Soft ? "subtract" : o.ResetValue == 0 ? "zero" : "value");
                    if (double.IsInfinity(tau)) return Make(lif, NirNodeType.IF, metadata, ("r", 1 / dt), ("v_threshold", lif.Threshold), ("v_reset", o.ResetValue));
                    return Make(lif, NirNodeType.LIF, metadata, ("tau", tau * dt), ("r", o.DecayInput ? 1 : tau), ("v_leak", o.ResetValue), ("v_threshold", lif.Threshold), ("v_reset", o.ResetValue));
                }
            case CubaLifLayer<float> cuba:
                {
                    var o = cuba.Options;
                    return Make(
                        cuba, NirNodeType.CubaLIF, Firing(o.Reset == MembraneReset.Soft ? "subtract" : "zero"),
                        ("tau_syn", o.TauSyn * dt), ("tau_mem", o.TauMem * dt), ("r", o.DecayInput ? 1 : o.TauMem), ("w_in", o.DecayInput ? 1 : o.TauSyn), ("v_leak", 0), ("v_threshold", o.Threshold), ("v_reset", 0));
                }
            case IntegerLifLayer<float> integer:
                {
                    // A spike is worth 1 and takes 1 off: that is the threshold, from half of which on the first level is given.
                    var metadata = Firing("subtract").With("edge_levels", NirArray.Scalar((long)integer.Levels));
                    return double.IsInfinity(integer.Tau)
                        ? Make(integer, NirNodeType.IF, metadata, ("r", 1 / dt), ("v_threshold", 1), ("v_reset", 0))
                        : Make(integer, NirNodeType.LIF, metadata, ("tau", integer.Tau * dt), ("r", integer.Tau), ("v_leak", 0), ("v_threshold", 1), ("v_reset", 0));
                }
            case ReadoutLayer<float> readout:
                return double.IsInfinity(readout.Tau)
                    ? Make(readout, NirNodeType.I, null, ("r", 1 / dt))
                    : Make(readout, NirNodeType.LI, Euler(), ("tau", readout.Tau * dt), ("r", readout.DecayInput ? 1 : readout.Tau), ("v_leak", 0));
            default:
                throw new ArgumentException($"Layer '{layer.Name}' ({layer.GetType().Name}) cannot be said in NIR.", nameof(layer));
        }
    }

    private static NirGroup Euler() => NirExport.Group(("edge_discretisation", new NirText("euler")));

    private static NirGroup Firing(string reset) => Euler().With("edge_reset", new NirText(reset)).With("edge_compare", new NirText(">"));

    private static NirNode Make(Layer<float> layer, NirNodeType type, NirGroup? metadata, params (string Name, double Value)[] parameters)
    {
        var size = layer.Output;
        int[] shape = size.IsMap ? [size.Channels, size.Height, size.Width] : [size.Channels];
        return new NirNode(layer.Name, type, new NirGroup(parameters.ToDictionary(p => p.Name, p => (NirValue)Filled(size.Count, p.Value, shape))), metadata);
    }

    // float32 where it holds the value exactly: a file of neurons is mostly these.
    private static NirArray Filled(int count, double value, int[] shape)
    {
        if ((float)value != value) return NirArray.Of(Enumerable.Repeat(value, count).ToArray(), shape);
        return NirArray.Of(Enumerable.Repeat((float)value, count).ToArray(), shape);
    }
}
