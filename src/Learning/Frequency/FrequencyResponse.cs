namespace EdgeAutonomy.Learning;

/// <summary>How strongly a membrane follows a sine below threshold: v ← a·v + g·x is a low-pass filter with |H(f)| = g/√(1 + a² − 2a·cos 2πf).</summary>
/// <remarks>f in cycles per step, above 0, below ½. An integrator without leak (a = 1) has |H| = g/(2·sin πf), which grows without bound towards f = 0.</remarks>
public static class FrequencyResponse
{
    private const int Phases = 16, RampPeriods = 40, Periods = 20;

    /// <summary>Returns |H(f)|.</summary>
    /// <param name="decay">a, in [0, 1].</param>
    /// <param name="gain">g.</param>
    /// <param name="frequency">f.</param>
    public static double Analytic(double decay, double gain, double frequency) =>
        gain / Math.Sqrt(1 + decay * decay - 2 * decay * DeterministicMath.Cos(2 * Math.PI * frequency));

    /// <summary>Measures the amplitude of a neuron's membrane by its spikes alone: it is the lowest threshold at which a sine of amplitude 1 makes none.</summary>
    /// <remarks>
    /// The sine is faded in over 40 periods, so that a neuron without leak keeps no offset; 16 phases within a step stand beside each other, so that the largest value lies
    /// on a step in one of them to within 1 − cos(πf/16) ≤ 0.5 %. The threshold is found by bisection to 1e-6 of itself.
    /// </remarks>
    /// <param name="neurons">The neurons; their threshold is not used.</param>
    /// <param name="frequency">f.</param>
    public static double Measure(LifOptions neurons, double frequency)
    {
        double[] drive = Drive(frequency, out var pass), spikes = new double[drive.Length];
        double low = 0, high = 1;
        while (!IsSilent(high)) (low, high) = (high, 2 * high);
        for (int i = 0; i < 60 && high - low > 1e-6 * high; i++)
        {
            double middle = 0.5 * (low + high);
            if (IsSilent(middle)) high = middle;
            else low = middle;
        }
        return high;

        bool IsSilent(double threshold)
        {
            var layer = new LifLayer<double>("lif", new MapSize(1), neurons with { Threshold = threshold });
            layer.Forward(pass, drive, spikes);
            return spikes.AsSpan().IndexOf(1.0) < 0;
        }
    }

    private static double[] Drive(double frequency, out LayerPass pass)
    {
        if (!(frequency is > 0 and < 0.5)) throw new ArgumentOutOfRangeException(nameof(frequency), $"The frequency is {frequency} cycles per step; must be above 0 and below 0.5.");
        int ramp = (int)Math.Ceiling(RampPeriods / frequency), steps = ramp + (int)Math.Ceiling(Periods / frequency);
        pass = new LayerPass(steps, Phases);
        var drive = new double[steps * Phases];
        for (int t = 0; t < steps; t++)
        {
            double envelope = t >= ramp ? 1 : 0.5 - 0.5 * DeterministicMath.Cos(Math.PI * t / ramp);
            for (int k = 0; k < Phases; k++) drive[t * Phases + k] = envelope * DeterministicMath.Sin(2 * Math.PI * frequency * (t + (double)k / Phases));
        }
        return drive;
    }
}
