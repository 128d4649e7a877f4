namespace EdgeAutonomy.Perception;

/// <summary>The energy model of spiking-networks.md §10: Lemaire et al. (arXiv 2210.13107), constants as in SpikingJelly's analytical counter.</summary>
internal static class EnergyModel
{
    // Picojoules, 45 nm: 32-bit addition and product; per byte of a memory of 8 KiB, 32 KiB and 1 MiB (a fourth of the cost of a word).
    private const double Add = 0.1, Multiply = 3.1, Small = 10.0 / 4, Middle = 20.0 / 4, Large = 100.0 / 4;

    // The older habit, float32 and int8.
    private const double OldAdd = 0.9, OldMultiply = 4.6, OldAdd8 = 0.03;

    private const double Pico = 1e-12;

    /// <summary>Returns the cost of one byte of a memory of a given size, in picojoules.</summary>
    internal static double PerByte(double bytes) => bytes switch
    {
        <= 8192 => bytes / 8192 * Small,
        <= 32768 => Small + (bytes - 8192) / (32768 - 8192) * (Middle - Small),
        <= 1048576 => Middle + (bytes - 32768) / (1048576 - 32768) * (Large - Middle),
        _ => Large,
    };

    internal static EnergyEstimate Estimate(Population[] populations, Synapses[] synapses, long steps)
    {
        double operations = 0, addressing = 0, inOut = 0, parameters = 0, potentials = 0, old = 0;
        long additions = 0, products = 0;
        foreach (var s in synapses)
        {
            var f = s.Footprint;
            bool isBinary = s.Source.Kind != SignalKind.Real;
            double inputs = s.Source.Layout.Elements, outputs = s.Target.Layout.Elements;
            if (isBinary)
            {
                additions += s.Operations;
                operations += s.Operations * Add;
                old += s.Operations * (f.WeightBytes == 1 ? OldAdd8 : OldAdd);
                double accesses = f.Kind == SynapseFamily.Direct ? s.Operations : (double)s.Inputs * f.FanOut;
                addressing += accesses * Add + (f.Kind == SynapseFamily.Convolution ? 2.0 * s.Inputs * (Multiply + Add) : 0);
                parameters += f.ParameterBytes == 0 ? 0 : accesses * f.WeightBytes * PerByte(f.ParameterBytes);
            }
            else
            {
                long dense = f.Kind == SynapseFamily.Direct ? s.Operations : f.DenseOperations * steps;
                products += dense;
                operations += dense * (Multiply + Add);
                old += dense * OldMultiply;
                addressing += steps * (inputs + outputs + f.OutputChannels) * Add;
                parameters += steps * (double)f.ParameterBytes * PerByte(f.ParameterBytes);
            }
            inOut += Moved(s.Inputs, inputs, steps) * PerByte(inputs * sizeof(float));
        }
        foreach (var p in populations)
        {
            double n = p.Layout.Elements, state = n * p.Spec.StateFloats * sizeof(float);
            inOut += Moved(p.Spikes, n, steps) * PerByte(n * sizeof(float));
            if (p.Spec.StateFloats == 0) continue;
            // Decay is a product and a sum per state; a reset is a sum per spike.
            long decays = (long)n * p.Spec.StateFloats * steps;
            operations += decays * (Multiply + Add) + p.Spikes * Add;
            products += decays;
            old += decays * OldMultiply;
            potentials += 2 * state * steps * PerByte(state);
        }
        return new EnergyEstimate(steps, operations * Pico, addressing * Pico, inOut * Pico, parameters * Pico, potentials * Pico, old * Pico, additions, products);
    }

    // Bytes of a buffer that move: all of it, or only what is not zero when that is at most half.
    private static double Moved(long active, double elements, long steps) => Math.Min(active <= elements * steps / 2 ? active : elements * steps, elements * steps) * sizeof(float);
}
