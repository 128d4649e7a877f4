namespace EdgeAutonomy.Learning.Tests;

/// <summary>Orbits whose course is known, and measures on them.</summary>
internal static class Orbits
{
    /// <summary>Two masses of ½ at pericentre of an ellipse with semi-major axis 1 (period 2π), and a massless body far away.</summary>
    public static ThreeBodyState Kepler(double eccentricity)
    {
        double r = 1 - eccentricity;
        double v = Math.Sqrt((1 + eccentricity) / (1 - eccentricity));
        return new ThreeBodyState { M0 = 0.5, M1 = 0.5, X0 = -r / 2, X1 = r / 2, V0 = -v / 2, V1 = v / 2, X2 = 1e6 };
    }

    /// <summary>The figure-eight orbit of three masses of 1 (Chenciner and Montgomery 2000; initial values of Simó), period 6.32591398.</summary>
    public static ThreeBodyState FigureEight() => new()
    {
        M0 = 1, M1 = 1, M2 = 1,
        X0 = 0.97000436, Y0 = -0.24308753, X1 = -0.97000436, Y1 = 0.24308753,
        U0 = 0.93240737 / 2, V0 = 0.86473146 / 2, U1 = 0.93240737 / 2, V1 = 0.86473146 / 2, U2 = -0.93240737, V2 = -0.86473146,
    };

    public const double FigureEightPeriod = 6.32591398;

    /// <summary>Lagrange's equilateral triangle of side 1 with three masses of ⅓, turning with angular speed 1: period 2π.</summary>
    public static ThreeBodyState Lagrange()
    {
        double radius = 1 / Math.Sqrt(3);
        double height = Math.Sqrt(3) / 2;
        var state = new ThreeBodyState { M0 = 1.0 / 3, M1 = 1.0 / 3, M2 = 1.0 / 3 };
        (state.X0, state.Y0, state.U0, state.V0) = (radius, 0, 0, radius);
        (state.X1, state.Y1, state.U1, state.V1) = (-radius / 2, radius * height, -radius * height, -radius / 2);
        (state.X2, state.Y2, state.U2, state.V2) = (-radius / 2, -radius * height, radius * height, -radius / 2);
        return state;
    }

    public static double EnergyError(in ThreeBodyState start, in ThreeBodyState end) =>
        Math.Abs((ThreeBodySystem.Energy(end) - ThreeBodySystem.Energy(start)) / ThreeBodySystem.Energy(start));

    /// <summary>The largest difference of a coordinate or speed.</summary>
    public static double Distance(in ThreeBodyState a, in ThreeBodyState b)
    {
        double[] parts =
        [
            a.X0 - b.X0, a.X1 - b.X1, a.X2 - b.X2, a.Y0 - b.Y0, a.Y1 - b.Y1, a.Y2 - b.Y2,
            a.U0 - b.U0, a.U1 - b.U1, a.U2 - b.U2, a.V0 - b.V0, a.V1 - b.V1, a.V2 - b.V2,
        ];
        return parts.Max(Math.Abs);
    }

    /// <summary>The slope of log error against log parameter, by least squares.</summary>
    public static double Slope(double[] parameters, double[] errors)
    {
        double mx = parameters.Average(Math.Log10), my = errors.Average(Math.Log10);
        double sxy = 0, sxx = 0;
        for (int i = 0; i < parameters.Length; i++)
        {
            double x = Math.Log10(parameters[i]) - mx;
            sxy += x * (Math.Log10(errors[i]) - my);
            sxx += x * x;
        }
        return sxy / sxx;
    }

    public static void AssertRelative(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Abs(expected), $"expected {expected:R}, got {actual:R}, relative tolerance {tolerance}");
}
