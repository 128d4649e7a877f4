namespace EdgeAutonomy.Learning.Tests.Attribution;

public class ReturnLossTests
{
    private delegate double Loss(ReadOnlySpan<float> c, Span<float> gradient);

    [Fact]
    public void OfSum_Gradient_IsThatOfTheLoss() => Check((c, g) => ReturnLoss.OfSum(c, 0.7, 0.3, g));

    [Theory]
    [InlineData(10, false)]
    [InlineData(10, true)]
    [InlineData(6, true)]
    [InlineData(3, true)]
    public void OfDraw_Gradient_IsThatOfTheLoss(int length, bool unbiased) => Check((c, g) => ReturnLoss.OfDraw(c, 0.7, length, unbiased, 0.3, g));

    [Fact]
    public void OfForecast_Gradient_IsThatOfTheLoss() => Check((c, g) => ReturnLoss.OfForecast(c, 0.7, 0.3, g));

    [Fact]
    public void OfForecast_ErrorsOfOppositeSign_DoNotCancel()
    {
        // The tutorial's slip, the square of the mean, would give 0 for the auxiliary part here.
        Assert.Equal(0.5, ReturnLoss.OfForecast([1, -1, 1, -1, 0], 0, 1, new float[5]) + 0.1, 1e-12);
    }

    [Fact]
    public void OfDraw_AllStepsDrawn_NeedsNoCorrection() =>
        Assert.Equal(ReturnLoss.OfDraw([1, 2, 4], 3, 3, false, 1, new float[3]), ReturnLoss.OfDraw([1, 2, 4], 3, 3, true, 1, new float[3]));

    [Fact]
    public void OfDraw_Unbiased_IsTheLossOfAllStepsInTheMean()
    {
        // All 4-choose-2 draws are equally likely: the corrected loss averages to that of the full mean, the plain one does not.
        float[] c = [0.1f, 0.9f, -0.4f, 0.3f];
        double full = Math.Pow(c.Average(x => (double)x) - 0.2 / 4, 2), plain = 0, corrected = 0;
        for (int i = 0; i < 4; i++)
        {
            for (int j = i + 1; j < 4; j++)
            {
                plain += ReturnLoss.OfDraw([c[i], c[j]], 0.2, 4, false, 1, new float[2]) / 6;
                corrected += ReturnLoss.OfDraw([c[i], c[j]], 0.2, 4, true, 1, new float[2]) / 6;
            }
        }
        Assert.Equal(full, corrected, 1e-8);
        Assert.True(plain > full + 0.01);
    }

    // Quadratic in every input: central differences are exact but for the rounding of the float32 inputs, 2^-24 / 2^-6 of a value below 8.
    private static void Check(Loss loss)
    {
        float[] c = [0.5f, -0.25f, 1.5f, 0.125f, -0.75f, 0.3125f], gradient = new float[6], unused = new float[6];
        loss(c, gradient);
        Assert.Contains(gradient, g => Math.Abs(g) > 1e-3);
        for (int i = 0; i < c.Length; i++)
        {
            const float h = 1f / 64;
            float keep = c[i];
            c[i] = keep + h;
            double up = loss(c, unused);
            c[i] = keep - h;
            double down = loss(c, unused);
            c[i] = keep;
            Assert.Equal((up - down) / (2 * h), gradient[i], 1e-6);
        }
    }
}
