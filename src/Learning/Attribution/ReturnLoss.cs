namespace EdgeAutonomy.Learning;

/// <summary>The losses that attributors are fitted with, one episode at a time, with their gradients by the step outputs.</summary>
internal static class ReturnLoss
{
    /// <summary>(Σ c_t − R)²: the progress estimator's loss (SPA, arXiv 2505.20732). The gradient 2(Σ c − R) is the same for every step.</summary>
    public static double OfSum(ReadOnlySpan<float> c, double target, double weight, Span<float> gradient)
    {
        double sum = 0;
        foreach (float x in c) sum += x;
        double off = sum - target;
        gradient.Fill((float)(2 * off * weight));
        return weight * off * off;
    }

    /// <summary>(mean c_I − R/T)² over K of the T steps (RRD, arXiv 2111.13485), less (1 − K/T)·s²/K where the variance of the draw is to be taken out.</summary>
    /// <remarks>s² has the divisor K − 1; the factor is 1 where K &gt; T, since then steps are drawn with replacement. It needs K &gt; 1.</remarks>
    public static double OfDraw(ReadOnlySpan<float> c, double target, int length, bool unbiased, double weight, Span<float> gradient)
    {
        int k = c.Length;
        double mean = 0, squares = 0;
        foreach (float x in c) mean += (double)x / k;
        double off = mean - target / length, loss = off * off;
        double correction = unbiased && k > 1 ? (k > length ? 1 : 1 - (double)k / length) / k : 0;
        foreach (float x in c) squares += (x - mean) * (x - mean);
        if (correction != 0) loss -= correction * squares / (k - 1);
        // d s²/dx = 2 (x − mean)/(K − 1): the change of the mean itself cancels, since Σ (x − mean) = 0.
        for (int i = 0; i < k; i++) gradient[i] = (float)(weight * (2 * off / k - (correction == 0 ? 0 : correction * 2 * (c[i] - mean) / (k - 1))));
        return weight * loss;
    }

    /// <summary>(f_T − R)² + ½·mean_t (f_t − R)²: RUDDER's loss with its auxiliary task (arXiv 1806.07857).</summary>
    /// <remarks>The mean of squares; the public tutorial squares the mean of f − R instead, which lets errors of opposite sign cancel.</remarks>
    public static double OfForecast(ReadOnlySpan<float> f, double target, double weight, Span<float> gradient)
    {
        double loss = 0;
        for (int t = 0; t < f.Length; t++)
        {
            double off = f[t] - target;
            loss += 0.5 * off * off / f.Length;
            gradient[t] = (float)(weight * off / f.Length);
        }
        double last = f[^1] - target;
        gradient[^1] += (float)(weight * 2 * last);
        return weight * (loss + last * last);
    }
}
