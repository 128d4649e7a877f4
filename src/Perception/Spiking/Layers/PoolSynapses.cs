namespace EdgeAutonomy.Perception;

/// <summary>Sum and average over windows: each active input adds its output's weight into the windows it lies in.</summary>
internal sealed unsafe class PoolSynapses : Synapses
{
    private readonly ConvGeometry _geometry;
    private readonly float[] _weights;

    /// <summary>Makes the synapses.</summary>
    /// <param name="source">The signal that comes in.</param>
    /// <param name="target">The population that the weights add into.</param>
    /// <param name="geometry">Which input reaches which output.</param>
    /// <param name="weights">The weight of each place among the outputs.</param>
    internal PoolSynapses(Signal source, Population target, ConvGeometry geometry, float[] weights)
        : base(source, target, new SynapseFootprint(SynapseFamily.Direct, geometry.KernelSize, 0, 0, sizeof(float), 0)) => (_geometry, _weights) = (geometry, weights);

    internal override void Run()
    {
        var g = *_geometry.Arguments;
        int rowFloats = g.InWidth * g.InStride;
        long taps = 0;
        foreach (int i in Source.Active)
        {
            int row = i / rowFloats, rest = i - row * rowFloats, column = rest / g.InStride, channel = rest - column * g.InStride;
            float value = Source.IsOnes ? 1 : Source.Values[i];
            for (int y = g.StartY[row]; y < g.StartY[row + 1]; y++)
            {
                for (int x = g.StartX[column]; x < g.StartX[column + 1]; x++)
                {
                    int o = g.TapsY[y].Output + g.TapsX[x].Output + channel;
                    Accumulators[o] += value * _weights[o];
                    taps++;
                }
            }
        }
        Count(taps, isDense: false);
    }
}
