namespace EdgeAutonomy.Learning;

/// <summary>Linear centred kernel alignment: how alike two sets of features of the same samples are, 0 … 1, whatever their rotation and common scale.</summary>
/// <remarks>‖YᵀX‖² / (‖XᵀX‖·‖YᵀY‖) in Frobenius norms over centred columns (Kornblith et al. 2019), through the Gram matrices of the samples, in float64.</remarks>
public static class LinearCka
{
    /// <summary>Computes the alignment.</summary>
    /// <param name="x">[sample, feature].</param>
    /// <param name="y">[sample, feature]; may have another number of features.</param>
    /// <param name="samples">Samples, at least 2.</param>
    /// <returns>0 … 1; 0 where one of them does not vary at all.</returns>
    /// <exception cref="ArgumentException">The spans do not hold whole samples.</exception>
    public static double Of(ReadOnlySpan<float> x, ReadOnlySpan<float> y, int samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 2);
        if (x.IsEmpty || y.IsEmpty || x.Length % samples != 0 || y.Length % samples != 0) throw new ArgumentException($"{x.Length} and {y.Length} numbers are not features of {samples} samples.");
        double[] k = Gram(x, samples), l = Gram(y, samples);
        double both = 0, own = 0, other = 0;
        for (int i = 0; i < k.Length; i++)
        {
            both += k[i] * l[i];
            own += k[i] * k[i];
            other += l[i] * l[i];
        }
        double norm = Math.Sqrt(own) * Math.Sqrt(other);
        return norm == 0 ? 0 : Math.Clamp(both / norm, 0, 1);
    }

    private static double[] Gram(ReadOnlySpan<float> x, int samples)
    {
        int n = x.Length / samples;
        var centred = new double[x.Length];
        for (int f = 0; f < n; f++)
        {
            double mean = 0;
            for (int i = 0; i < samples; i++) mean += x[i * n + f];
            mean /= samples;
            for (int i = 0; i < samples; i++) centred[i * n + f] = x[i * n + f] - mean;
        }
        var gram = new double[samples * samples];
        for (int i = 0; i < samples; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double dot = 0;
                for (int f = 0; f < n; f++) dot += centred[i * n + f] * centred[j * n + f];
                gram[i * samples + j] = gram[j * samples + i] = dot;
            }
        }
        return gram;
    }
}
