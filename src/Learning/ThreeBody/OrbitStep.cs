namespace EdgeAutonomy.Learning;

/// <summary>The rules that find the length of a step, and the checks that all integrators share.</summary>
internal static class OrbitStep
{
    /// <summary>Throws unless an integration can be asked for.</summary>
    public static void Validate(in ThreeBodyState state, double end, double parameter)
    {
        if (!(parameter > 0) || !double.IsFinite(parameter))
            throw new ArgumentOutOfRangeException(nameof(parameter), parameter, "The step parameter of a three-body integrator must be finite and above 0.");
        if (!double.IsFinite(end)) throw new ArgumentOutOfRangeException(nameof(end), end, "The end time of a three-body integration must be finite.");
        state.Validate(nameof(state));
    }

    /// <summary>Returns how many equal steps of at most about <paramref name="step"/> fill a span of time; at least 1.</summary>
    public static long Count(double span, double step, long limit)
    {
        // The 1e-9 keeps a span that is a whole number of steps, up to rounding, from getting one step more.
        double count = Math.Max(1, Math.Ceiling((span / step) - 1e-9));
        if (count > limit)
            throw new ArgumentOutOfRangeException(nameof(step), step, $"A fixed step of this length takes {count} steps for the span of {span}; the limit is {limit}.");
        return (long)count;
    }

    /// <summary>Returns whether a step can be taken: finite, above 0 and no less than 1e-12 of the time.</summary>
    public static bool Progresses(double step, double time) =>
        HermiteKernel.LeastStep(new OrbitScalar(time)).Value <= step && step <= double.MaxValue;

    /// <summary>Writes places and speeds into a state; its masses and time stay.</summary>
    public static void Write(in Bodies<OrbitScalar> z, ref ThreeBodyState to)
    {
        (to.X0, to.X1, to.X2) = (z.X0.Value, z.X1.Value, z.X2.Value);
        (to.Y0, to.Y1, to.Y2) = (z.Y0.Value, z.Y1.Value, z.Y2.Value);
        (to.U0, to.U1, to.U2) = (z.U0.Value, z.U1.Value, z.U2.Value);
        (to.V0, to.V1, to.V2) = (z.V0.Value, z.V1.Value, z.V2.Value);
    }

    /// <summary>Returns t_coll of a system.</summary>
    public static double Collision(in Bodies<OrbitScalar> z)
    {
        Gravity.Evaluate(z, out _, out OrbitScalar collision);
        return Math.Sqrt(Math.Sqrt(collision.Value));
    }

    /// <summary>Returns the explicit symmetrised step, the least over the pairs of τ/(1 − τ′/2), of both r/v and √(r³/m), where τ′ is the rate of change of τ.</summary>
    public static double Symmetrised(in Bodies<OrbitScalar> z, double parameter)
    {
        double a = Symmetrised(z.X1 - z.X0, z.Y1 - z.Y0, z.U1 - z.U0, z.V1 - z.V0, z.M0 + z.M1, parameter);
        double b = Symmetrised(z.X2 - z.X0, z.Y2 - z.Y0, z.U2 - z.U0, z.V2 - z.V0, z.M0 + z.M2, parameter);
        double c = Symmetrised(z.X2 - z.X1, z.Y2 - z.Y1, z.U2 - z.U1, z.V2 - z.V1, z.M1 + z.M2, parameter);
        return Math.Min(Math.Min(a, b), c);
    }

    /// <summary>Returns the least over the bodies of √((|a||a2| + |j|²)/(|j||a3| + |a2|²)) (Aarseth 1985; ph4 <c>idata.cc</c>).</summary>
    /// <remarks>a2 and a3 come from the last step and belong to its start p; a and j are the newest, q. A body that nothing pulls has no say.</remarks>
    public static double Aarseth(in Pull<OrbitScalar> p, in Pull<OrbitScalar> q, double h)
    {
        double a = Aarseth(p.AX0, p.AY0, p.JX0, p.JY0, q.AX0, q.AY0, q.JX0, q.JY0, h);
        double b = Aarseth(p.AX1, p.AY1, p.JX1, p.JY1, q.AX1, q.AY1, q.JX1, q.JY1, h);
        double c = Aarseth(p.AX2, p.AY2, p.JX2, p.JY2, q.AX2, q.AY2, q.JX2, q.JY2, h);
        return Math.Min(Math.Min(a, b), c);
    }

    private static double Symmetrised(OrbitScalar dx, OrbitScalar dy, OrbitScalar du, OrbitScalar dv, OrbitScalar pairMass, double parameter)
    {
        (double x, double y, double u, double v, double mass) = (dx.Value, dy.Value, du.Value, dv.Value, pairMass.Value);
        double r2 = (x * x) + (y * y);
        double v2 = (u * u) + (v * v);
        double r = Math.Sqrt(r2);
        double opening = ((x * u) + (y * v)) / r2;
        double meet = double.PositiveInfinity;
        if (v2 > 0)
        {
            double tau = parameter * r / Math.Sqrt(v2);
            meet = tau / (1 - (0.5 * Math.Min(1, tau * opening * (1 + (mass / (v2 * r))))));
        }
        double fall = double.PositiveInfinity;
        if (mass > 0)
        {
            double tau = parameter * Math.Sqrt(r2 * r / mass);
            fall = tau / (1 - (0.5 * Math.Min(1, 1.5 * tau * opening)));
        }
        return Math.Min(meet, fall);
    }

    private static double Aarseth(
        OrbitScalar ax, OrbitScalar ay, OrbitScalar jx, OrbitScalar jy, OrbitScalar bx, OrbitScalar by, OrbitScalar kx, OrbitScalar ky, double h)
    {
        (double secondX, double thirdX) = Higher(ax.Value, jx.Value, bx.Value, kx.Value, h);
        (double secondY, double thirdY) = Higher(ay.Value, jy.Value, by.Value, ky.Value, h);
        double jerk2 = (kx.Value * kx.Value) + (ky.Value * ky.Value);
        double second2 = (secondX * secondX) + (secondY * secondY);
        double below = Math.Sqrt(jerk2 * ((thirdX * thirdX) + (thirdY * thirdY))) + second2;
        if (below == 0) return double.PositiveInfinity;
        double above = Math.Sqrt(((bx.Value * bx.Value) + (by.Value * by.Value)) * second2) + jerk2;
        return Math.Sqrt(above / below);
    }

    private static (double Second, double Third) Higher(double a0, double j0, double a1, double j1, double h)
    {
        double alpha = (-3 * (a0 - a1)) - (h * ((2 * j0) + j1));
        double beta = (2 * (a0 - a1)) + (h * (j0 + j1));
        return (2 * alpha / (h * h), 6 * beta / (h * h * h));
    }
}
